/* SPDX-License-Identifier: MIT */
/*
 * time.c - moments as RFC 3339 text and back.
 *
 * The calendar is the proleptic Gregorian one, days are counted arithmetically, so neither the C
 * library's time zone nor its locale has a say. Fractions beyond milliseconds are cut off; a leap
 * second is the first moment of the next minute.
 * It refuses what has no offset (a time of day somewhere is no moment), a date that the calendar
 * does not have, and years outside of 0001 to 9999.
 */
#include "base/text.h"

#include <string.h>

#define EC_DAY_MS INT64_C(86400000)
#define EC_TIME_MIN INT64_C(-62135596800000) /* 0001-01-01 */
#define EC_TIME_MAX INT64_C(253402300799999) /* 9999-12-31, its last millisecond */
#define EC_ERA_DAYS 146097                   /* of 400 years */

/* Days since 1970-01-01. Years begin in March here, so the leap day comes last. */
static int64_t time_days(int year, int month, int day)
{
    int shifted = year - (month <= 2) + 400; /* never negative */
    int era = shifted / 400;
    int of_era = shifted % 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    return (int64_t)(era - 1) * EC_ERA_DAYS + day_of_era - 719468;
}

static void time_date(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + 719468 + EC_ERA_DAYS; /* never negative in the years we know */
    int era = (int)(shifted / EC_ERA_DAYS) - 1;
    int of_era = (int)(shifted % EC_ERA_DAYS);
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int part = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * part + 2) / 5 + 1;
    *month = part < 10 ? part + 3 : part - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

/* ---- to text --------------------------------------------------------------------------------- */

static void time_put(char *to, int number, int digits)
{
    for (int at = digits - 1; at >= 0; at--) {
        to[at] = (char)('0' + number % 10);
        number /= 10;
    }
}

const char *ec_time_format(ec_time time, char *buffer, size_t size)
{
    static const char shape[] = "0000-00-00T00:00:00.000Z";
    if (!buffer || size < sizeof shape || time < EC_TIME_MIN || time > EC_TIME_MAX) {
        if (buffer && size > 0) {
            buffer[0] = '\0';
        }
        return "";
    }
    int64_t days = time / EC_DAY_MS - (time % EC_DAY_MS < 0);
    int rest = (int)(time - days * EC_DAY_MS);
    int year;
    int month;
    int day;
    time_date(days, &year, &month, &day);
    memcpy(buffer, shape, sizeof shape);
    time_put(buffer, year, 4);
    time_put(buffer + 5, month, 2);
    time_put(buffer + 8, day, 2);
    time_put(buffer + 11, rest / 3600000, 2);
    time_put(buffer + 14, rest / 60000 % 60, 2);
    time_put(buffer + 17, rest / 1000 % 60, 2);
    time_put(buffer + 20, rest % 1000, 3);
    return buffer;
}

/* ---- from text ------------------------------------------------------------------------------- */

/* Exactly so many digits, the place moved behind them; -1 when there are fewer. */
static int time_take(const char **at, int digits)
{
    int number = 0;
    for (; digits > 0; digits--) {
        if (**at < '0' || **at > '9') {
            return -1;
        }
        number = number * 10 + (*(*at)++ - '0');
    }
    return number;
}

static bool time_skip(const char **at, char c)
{
    bool there = **at == c;
    *at += there;
    return there;
}

static bool time_parse_date(const char **at, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = time_take(at, 4);
    bool dashes = time_skip(at, '-');
    int month = dashes ? time_take(at, 2) : -1;
    dashes = dashes && time_skip(at, '-');
    int day = dashes ? time_take(at, 2) : -1;
    if (year < 1 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > lengths[month - 1] + (month == 2 && leap)) {
        return false;
    }
    *days = time_days(year, month, day);
    return true;
}

/* hh:mm:ss and a fraction, in milliseconds. */
static bool time_parse_clock(const char **at, int64_t *ms)
{
    int hour = time_take(at, 2);
    int minute = time_skip(at, ':') ? time_take(at, 2) : -1;
    int second = minute >= 0 && time_skip(at, ':') ? time_take(at, 2) : -1;
    int fraction = 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
        return false;
    }
    if (time_skip(at, '.')) {
        const char *start = *at;
        for (int unit = 100; **at >= '0' && **at <= '9'; unit /= 10) {
            fraction += unit * (*(*at)++ - '0');
        }
        if (*at == start) {
            return false;
        }
    }
    *ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + (second == 60 ? 0 : fraction);
    return true;
}

/* Z, +hh:mm, -hh:mm, or those without colon as shop exports have them, in milliseconds. */
static bool time_parse_offset(const char **at, int64_t *ms)
{
    *ms = 0;
    if (time_skip(at, 'Z') || time_skip(at, 'z')) {
        return true;
    }
    bool negative = **at == '-';
    if (!time_skip(at, '+') && !time_skip(at, '-')) {
        return false;
    }
    int hours = time_take(at, 2);
    (void)time_skip(at, ':');
    int minutes = hours < 0 ? -1 : time_take(at, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return false;
    }
    *ms = (hours * 60 + minutes) * INT64_C(60000) * (negative ? -1 : 1);
    return true;
}

ec_status ec_time_parse(const char *text, ec_time *out)
{
    const char *at = text;
    int64_t days;
    int64_t clock = 0;
    int64_t offset = 0;
    if (!text || !out || !time_parse_date(&at, &days)) {
        return EC_INVALID;
    }
    if (*at != '\0') {
        bool mark = time_skip(&at, 'T') || time_skip(&at, 't') || time_skip(&at, ' ');
        if (!mark || !time_parse_clock(&at, &clock)) {
            return EC_INVALID;
        }
        (void)time_skip(&at, ' ');
        if (!time_parse_offset(&at, &offset) || *at != '\0') {
            return EC_INVALID;
        }
    }
    ec_time time = days * EC_DAY_MS + clock - offset;
    if (time < EC_TIME_MIN || time > EC_TIME_MAX) {
        return EC_INVALID;
    }
    *out = time;
    return EC_OK;
}

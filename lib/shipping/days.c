/* SPDX-License-Identifier: MIT */
/*
 * days.c - when a parcel arrives: business days as days of the calendar.
 *
 * Monday to Friday are business days. What is ordered on another day, or from the cutoff hour on,
 * is as if it were ordered on the next business day. It knows of no holidays: those differ by town.
 */
#include "shipping/inside.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* 0: Monday … 6: Sunday, of days since 1970-01-01, a Thursday. */
static int64_t weekday(int64_t day)
{
    return ((day + 3) % 7 + 7) % 7;
}

static int64_t next_business_day(int64_t day)
{
    return day + (weekday(day) >= 4 ? 7 - weekday(day) : 1);
}

int64_t ec_shipping_days(ec_time now, int64_t utc_offset_ms, int64_t cutoff_hour, int64_t days)
{
    int64_t local = 0;
    if (__builtin_add_overflow(now, utc_offset_ms, &local)) return days;
    int64_t rest = local % DAY_MS; /* of the day, or before its end */
    int64_t today = local / DAY_MS - (rest < 0 ? 1 : 0);
    int64_t hour = (rest < 0 ? rest + DAY_MS : rest) / HOUR_MS;
    int64_t day = today;
    if (weekday(day) >= 5 || (cutoff_hour > 0 && hour >= cutoff_hour)) day = next_business_day(day);
    day += days / 5 * 7;
    for (int64_t i = 0; i < days % 5; i++)
        day = next_business_day(day);
    return day - today;
}

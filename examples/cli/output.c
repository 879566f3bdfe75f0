/* SPDX-License-Identifier: MIT */
/*
 * output.c - how the program speaks: JSON as the library writes it, tables and fields for people,
 * errors with their exit codes.
 */
#include <cJSON.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

#define COLUMNS_MAX 16
#define CELL_MAX 60 /* bytes of a table's cell */

const char *cli_value(const cli *c, const char *name)
{
    for (int i = 0; c->command->options != NULL && c->command->options[i].name != NULL; i++)
        if (strcmp(c->command->options[i].name, name) == 0) return c->values[i];
    return NULL;
}

bool cli_number(cli *c, const char *what, const char *text, int64_t *out)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') {
        cli_error(c, CLI_USAGE, "%s: \"%s\" is no whole number", what, text);
        return false;
    }
    *out = number;
    return true;
}

int cli_error(cli *c, int code, const char *format, ...)
{
    va_list values;
    (void)c;
    va_start(values, format);
    fputs("ecommerce: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return code;
}

int cli_errno(cli *c, const char *path)
{
    char why[128] = "";
    if (strerror_r(errno, why, sizeof(why)) != 0) why[0] = '\0';
    return cli_error(c, CLI_FAILED, "%s: %s", path, why);
}

void cli_say(const cli *c, const char *format, ...)
{
    va_list values;
    if (c->quiet || c->json) return;
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
}

/* Bytes of the well-formed UTF-8 character at text; 0 when there is none. */
static size_t character(const unsigned char *text)
{
    unsigned char lead = text[0];
    unsigned char low = 0x80, high = 0xBF; /* bounds of the second byte */
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead > 0xF4) return 0;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    if (length > 1 && (text[1] < low || text[1] > high)) return 0;
    for (size_t i = 2; i < length; i++)
        if ((text[i] & 0xC0) != 0x80) return 0;
    return length;
}

void cli_json_string(FILE *to, const char *text)
{
    if (text == NULL) {
        fputs("null", to);
        return;
    }
    const unsigned char *at = (const unsigned char *)text;
    fputc('"', to);
    while (*at != '\0') {
        size_t length = character(at);
        if (length == 0)
            fputs("\\ufffd", to);
        else if (*at == '"' || *at == '\\')
            fprintf(to, "\\%c", *at);
        else if (*at < ' ')
            fprintf(to, "\\u%04x", *at);
        else
            fwrite(at, 1, length, to);
        at += length == 0 ? 1 : length;
    }
    fputc('"', to);
}

void cli_json_path(const cli *c, const char *name, const char *path)
{
    if (!c->json) return;
    printf("{\"%s\":", name);
    cli_json_string(stdout, path);
    puts("}");
}

bool cli_is_same_file(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static int exit_code(ec_status status)
{
    switch (ec_status_http(status)) {
    case 404: return CLI_NOT_FOUND;
    case 409:
    case 412: return CLI_CONFLICT;
    case 503: return CLI_TEMPORARY;
    default: return CLI_FAILED;
    }
}

int cli_fail(cli *c, ec_status status)
{
    const ec_error *error = ec_session_error(c->session);
    fprintf(stderr, "ecommerce: %s\n", error->message);
    for (size_t i = 0; i < error->count; i++)
        fprintf(stderr, "  %s: %s (%s)\n", error->items[i].field, error->items[i].message,
                error->items[i].rule);
    return exit_code(status);
}

/* A nested object in one line: the parts of an address, or the name of anything else. */
static char *object_text(const cJSON *object)
{
    static const char *const parts[] = {"name",   "street",      "city",
                                        "region", "postal_code", "country"};
    char text[1024] = "";
    size_t length = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const cJSON *part = cJSON_GetObjectItem(object, parts[i]);
        if (!cJSON_IsString(part) || length >= sizeof(text)) continue;
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
                                   length == 0 ? "" : ", ", part->valuestring);
    }
    return text[0] != '\0' ? strdup(text) : cJSON_PrintUnformatted(object);
}

/* A value as one line of text; the caller frees it. */
static char *text_of(const cJSON *value)
{
    if (value == NULL || cJSON_IsNull(value)) return strdup("-");
    if (cJSON_IsString(value)) return strdup(value->valuestring);
    if (cJSON_IsTrue(value)) return strdup("yes");
    if (cJSON_IsFalse(value)) return strdup("no");
    if (cJSON_IsArray(value)) {
        char count[32];
        snprintf(count, sizeof(count), "(%d)", cJSON_GetArraySize(value));
        return strdup(count);
    }
    if (cJSON_IsObject(value)) return object_text(value);
    return cJSON_PrintUnformatted(value);
}

/* Columns that a text takes on the screen: code points. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        if (((unsigned char)*text & 0xC0) != 0x80) width++;
    return width;
}

static void shorten(char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ') text[i] = ' ';
    if (length <= CELL_MAX) return;
    size_t end = CELL_MAX;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    text[end] = '\0';
}

static void pad(const char *text, int width, bool last)
{
    fputs(text, stdout);
    for (int i = width_of(text); !last && i < width + 2; i++)
        putchar(' ');
}

static int split(char *names, char **out);
static void print_table(const cJSON *items, char **columns, int count);

/* The columns that a nested list is shown with. */
static void print_nested(const cJSON *list)
{
    static const struct {
        const char *list, *columns;
    } views[] = {
        {"variants", "id,sku,name,price,available,is_active"},
        {"items", "id,sku,name,variant_name,quantity,unit_price,total_amount,total,"
                  "shipped_quantity,cancelled_quantity,returned_quantity"},
        {"notices", "item_id,kind,before,now"},
        {"payments", "id,provider,method,status,amount,captured_amount,refunded_amount"},
        {"shipments", "id,status,carrier,tracking_number,shipped_at,delivered_at"},
        {"returns", "id,status,reason"},
        {"refunds", "id,status,amount,reason"},
        {"adjustments", "kind,label,amount"},
        {"entries", "at,kind,amount,cause,provider,note"},
        {"options", "position,name"},
        {"images", "position,url"},
        {"attributes", "code,value"},
    };
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        if (strcmp(views[i].list, list->string) != 0) continue;
        char *copy = strdup(views[i].columns), *names[COLUMNS_MAX];
        int count = copy == NULL ? 0 : split(copy, names), shown = 0;
        for (int n = 0; n < count; n++)
            if (cJSON_HasObjectItem(list->child, names[n])) names[shown++] = names[n];
        printf("\n%s\n", list->string);
        print_table(list, names, shown);
        free(copy);
    }
}

int cli_print(cli *c, const char *entity, const void *object)
{
    char *json = NULL;
    ec_status status = ec_to_json(c->session, entity, object, &json);
    if (status != EC_OK) return cli_fail(c, status);
    if (c->json) {
        puts(json);
        ec_free(json);
        return CLI_OK;
    }
    cJSON *tree = cJSON_Parse(json);
    ec_free(json);
    int width = 0;
    const cJSON *field = NULL;
    cJSON_ArrayForEach(field, tree)
        if (width_of(field->string) > width) width = width_of(field->string);
    cJSON_ArrayForEach(field, tree) {
        char *text = text_of(field);
        pad(field->string, width, false);
        puts(text != NULL ? text : "?");
        free(text);
    }
    cJSON_ArrayForEach(field, tree)
        if (cJSON_IsArray(field) && cJSON_IsObject(field->child)) print_nested(field);
    cJSON_Delete(tree);
    return CLI_OK;
}

/* The names between the commas; the copy is cut in place. */
static int split(char *names, char **out)
{
    int count = 0;
    for (char *at = names; at != NULL && count < COLUMNS_MAX;) {
        char *comma = strchr(at, ',');
        if (comma != NULL) *comma++ = '\0';
        out[count++] = at;
        at = comma;
    }
    return count;
}

static void print_table(const cJSON *items, char **columns, int count)
{
    int widths[COLUMNS_MAX];
    const cJSON *item = NULL;
    for (int i = 0; i < count; i++)
        widths[i] = width_of(columns[i]);
    cJSON_ArrayForEach(item, items)
        for (int i = 0; i < count; i++) {
            char *text = text_of(cJSON_GetObjectItem(item, columns[i]));
            if (text == NULL) continue;
            shorten(text);
            if (width_of(text) > widths[i]) widths[i] = width_of(text);
            free(text);
        }
    for (int i = 0; i < count; i++)
        pad(columns[i], widths[i], i + 1 == count);
    putchar('\n');
    cJSON_ArrayForEach(item, items) {
        for (int i = 0; i < count; i++) {
            char *text = text_of(cJSON_GetObjectItem(item, columns[i]));
            if (text != NULL) shorten(text);
            pad(text != NULL ? text : "?", widths[i], i + 1 == count);
            free(text);
        }
        putchar('\n');
    }
}

int cli_print_list(cli *c, const char *list_entity, const void *list, const char *columns)
{
    char *json = NULL;
    ec_status status = ec_to_json(c->session, list_entity, list, &json);
    if (status != EC_OK) return cli_fail(c, status);
    if (c->json) {
        puts(json);
        ec_free(json);
        return CLI_OK;
    }
    char *names[COLUMNS_MAX];
    char *copy = strdup(columns);
    cJSON *tree = cJSON_Parse(json);
    ec_free(json);
    if (copy != NULL && tree != NULL) {
        int count = split(copy, names);
        print_table(cJSON_GetObjectItem(tree, "items"), names, count);
        const cJSON *next = cJSON_GetObjectItem(tree, "next_cursor");
        if (cJSON_IsString(next) && !c->quiet)
            fprintf(stderr, "more: --cursor=%s\n", next->valuestring);
    }
    cJSON_Delete(tree);
    free(copy);
    return CLI_OK;
}

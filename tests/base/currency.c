/* SPDX-License-Identifier: MIT */
/*
 * The currency table: sorted, complete, equal to the published list where that is at hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <ecommerce/money.h>

#include "base/data.h"

static void currency_find__knows_the_exponents_that_are_not_two(void **state)
{
    static const struct {
        const char *code;
        int exponent;
        int number;
    } rows[] = {{"CLP", 0, 152}, {"JPY", 0, 392}, {"KWD", 3, 414},
                {"CLF", 4, 990}, {"EUR", 2, 978}, {"ALL", 2, 8}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const ec_currency *currency = ec_currency_find(rows[i].code);
        assert_non_null(currency);
        assert_string_equal(currency->code, rows[i].code);
        assert_int_equal(currency->exponent, rows[i].exponent);
        assert_int_equal(currency->number, rows[i].number);
    }
}

static void currency_find__refuses_what_is_no_currency_of_amounts(void **state)
{
    static const char *const wrong[] = {"",     "E",    "EU",  "EURO", "eur",          "Eur",
                                        " EUR", "EUR ", "AAA", "ZZZ",  "ZWL",          "HRK",
                                        "XAU",  "XDR",  "XTS", "978",  "\xff\xff\xff", "EU\x01"};
    (void)state;
    assert_null(ec_currency_find(NULL));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(ec_currency_find(wrong[i]));
    }
}

static void currency_find__reads_no_further_than_four_bytes(void **state)
{
    char *code = malloc(4); /* on the heap, where a sanitizer sees a fifth byte */
    (void)state;
    assert_non_null(code);
    for (int i = 0; i < 4; i++) {
        code[i] = "EURO"[i];
    }
    assert_null(ec_currency_find(code));
    free(code);
}

static void currency_next__walks_every_code_once_in_order(void **state)
{
    const ec_currency *previous = NULL;
    size_t count = 0;
    size_t without = 0;
    (void)state;
    for (const ec_currency *c = ec_currency_next(NULL); c != NULL; c = ec_currency_next(c)) {
        assert_int_equal(strlen(c->code), 3);
        assert_in_range(c->number, 1, 999);
        assert_true(c->name[0] != '\0');
        if (previous != NULL) {
            assert_true(strcmp(previous->code, c->code) < 0);
        }
        if (c->exponent < 0) {
            assert_int_equal(c->exponent, -1);
            assert_null(ec_currency_find(c->code));
            without++;
        } else {
            assert_in_range(c->exponent, 0, 4);
            assert_ptr_equal(ec_currency_find(c->code), c);
        }
        previous = c;
        count++;
    }
    assert_int_equal(count, 179);
    assert_int_equal(without, 13);
}

static void currency_next__accepts_a_copy_and_ends_at_a_stranger(void **state)
{
    ec_currency copy = *ec_currency_find("CLP");
    (void)state;
    assert_string_equal(ec_currency_next(&copy)->code, "CNY");
    memcpy(copy.code, "AAA", 4);
    assert_null(ec_currency_next(&copy));
}

/* The next field of a line whose first four never hold a quoted comma; the line is cut up. */
static char *next_field(char **line)
{
    char *field = *line;
    size_t length = strcspn(field, ",");
    *line = field + length + (field[length] != '\0');
    field[length] = '\0';
    return field;
}

static void currency_table__equals_the_published_list(void **state)
{
    /* What stands in where the list is not at hand. */
    static const char own[] = "code,number,minor_units,name,used_in\n"
                              "ALL,008,2,Lek,ALBANIA\n"
                              "CLF,990,4,Unidad de Fomento,CHILE\n"
                              "CLP,152,0,Chilean Peso,CHILE\n"
                              "XAU,959,,Gold,\n";
    char *data = data_read("reference/iso4217/currencies.csv");
    char *text = data != NULL ? data : strdup(own);
    const ec_currency *row = NULL;
    size_t count = 0;
    (void)state;

    assert_non_null(text);
    char *line = text + strcspn(text, "\n");
    while (*line == '\n' && line[1] != '\0') {
        char *rest = line + 1;
        char *end = rest + strcspn(rest, "\n");
        bool last = *end == '\0';
        *end = '\0';
        const char *code = next_field(&rest);
        const char *number = next_field(&rest);
        const char *exponent = next_field(&rest);
        const char *name = next_field(&rest);
        do {
            row = ec_currency_next(row);
            assert_non_null(row);
        } while (data == NULL && strcmp(row->code, code) != 0);
        assert_string_equal(row->code, code);
        assert_int_equal(row->number, strtol(number, NULL, 10));
        assert_int_equal(row->exponent, *exponent ? strtol(exponent, NULL, 10) : -1);
        assert_string_equal(row->name, name);
        count++;
        *end = last ? '\0' : '\n';
        line = end;
    }
    if (data != NULL) {
        assert_null(ec_currency_next(row));
    }
    assert_int_equal(count, data != NULL ? 179 : 4);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currency_find__knows_the_exponents_that_are_not_two),
        cmocka_unit_test(currency_find__refuses_what_is_no_currency_of_amounts),
        cmocka_unit_test(currency_find__reads_no_further_than_four_bytes),
        cmocka_unit_test(currency_next__walks_every_code_once_in_order),
        cmocka_unit_test(currency_next__accepts_a_copy_and_ends_at_a_stranger),
        cmocka_unit_test(currency_table__equals_the_published_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

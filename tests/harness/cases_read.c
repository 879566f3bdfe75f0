/* SPDX-License-Identifier: MIT */
/*
 * cases_read.c - the lines that say what a case is about. One function for each word; see cases.h.
 */
#include "harness/cases_inside.h"

static int enum_number(case_file *c, const char *text, const char *const *names)
{
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], text) == 0) return i;
    case_fault(c, "\"%s\" is no word here", text);
    return 0;
}

/* ---- the place and the policy ---- */

static void read_channel(case_file *c)
{
    c->in.channel = case_word(c, 1);
    c->in.currency = case_word(c, 2);
    c->in.home_country = case_word(c, 3);
    const ec_currency *currency = ec_currency_find(c->in.currency);
    if (currency == NULL) {
        case_fault(c, "there is no currency %s", c->in.currency);
        return;
    }
    c->in.exponent = currency->exponent;
    c->in.utc_offset_ms = case_number(c, "offset", 0) * 3600000;
    c->classic = case_flag(c, "classic");
    (void)ec_policy_preset(c->classic ? "classic" : c->in.home_country, &c->policy);
}

static const char *const roundings[] = {"half_up", "half_even", "half_down", "up",
                                        "down",    "ceiling",   "floor",     NULL};
static const char *const levels[] = {"line", "unit", "rate", "order", NULL};
static const char *const addresses[] = {"shipping", "billing", NULL};
static const char *const keeps[] = {"gross", "net", NULL};
static const char *const shipping_taxes[] = {"own", "weighted", NULL};
static const char *const exclusions[] = {"all", "items", "lane", NULL};
static const char *const stackings[] = {"all", "best", NULL};
static const char *const bases[] = {"price", "rest", NULL};
static const char *const shares[] = {"largest", "first", "nearest", NULL};

static void read_policy_word(case_file *c, const char *key, const char *value)
{
    ec_policy *p = &c->policy;
    if (strcmp(key, "rounding") == 0)
        p->rounding = (ec_rounding)enum_number(c, value, roundings);
    else if (strcmp(key, "tax_rounding") == 0)
        p->tax_rounding = (ec_rounding)enum_number(c, value, roundings);
    else if (strcmp(key, "cash_rounding") == 0)
        p->cash_rounding = (ec_rounding)enum_number(c, value, roundings);
    else if (strcmp(key, "shares") == 0)
        p->discount_shares = (ec_allocation)enum_number(c, value, shares);
    else if (strcmp(key, "tax_level") == 0)
        p->tax_level = (ec_tax_level)enum_number(c, value, levels);
    else if (strcmp(key, "tax_address") == 0)
        p->tax_address = (ec_tax_address)enum_number(c, value, addresses);
    else if (strcmp(key, "tax_keep") == 0)
        p->tax_keep = (ec_tax_keep)enum_number(c, value, keeps);
    else if (strcmp(key, "shipping_tax") == 0)
        p->shipping_tax = (ec_shipping_tax)enum_number(c, value, shipping_taxes);
    else if (strcmp(key, "exclusion") == 0)
        p->exclusion = (ec_exclusion)enum_number(c, value, exclusions);
    else if (strcmp(key, "stacking") == 0)
        p->stacking = (ec_stacking)enum_number(c, value, stackings);
    else if (strcmp(key, "percent_base") == 0)
        p->percent_base = (ec_percent_base)enum_number(c, value, bases);
    else if (strcmp(key, "cash_step") == 0)
        p->cash_step = case_amount_text(c, value);
    else if (strcmp(key, "coupons_max") == 0)
        p->coupons_max = case_number_text(c, value);
    else if (strcmp(key, "cash_methods") == 0)
        p->cash_methods = value;
    else
        case_fault(c, "there is no policy \"%s\"", key);
}

static void read_policy(case_file *c)
{
    for (size_t i = 1; i < c->words_count; i++) {
        char *mark = strchr(c->words[i], '=');
        if (strcmp(c->words[i], "tax_before_discounts") == 0) {
            c->policy.tax_before_discounts = true;
        } else if (strcmp(c->words[i], "exempt_pays_gross") == 0) {
            c->policy.exempt_pays_gross = true;
        } else if (mark == NULL) {
            case_fault(c, "a policy is name=value, not \"%s\"", c->words[i]);
        } else {
            read_policy_word(c, ec_arena_text(&c->arena, c->words[i], (size_t)(mark - c->words[i])),
                             mark + 1);
        }
    }
}

static void read_at(case_file *c)
{
    if (ec_time_parse(case_word(c, 1), &c->in.now) != EC_OK) case_fault(c, "that is no time");
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' || strcmp(text, "-") == 0 ? NULL : text;
}

static void read_address(case_file *c)
{
    bool ship = strcmp(c->words[0], "ship") == 0;
    ec_address *a = &c->addresses[ship ? 0 : 1];
    *a = (ec_address){.name = "Ana", .street = "Calle 1", .country = case_word(c, 1)};
    a->region = c->words_count > 2 ? or_null(c->words[2]) : NULL;
    a->postal_code = c->words_count > 3 ? or_null(c->words[3]) : NULL;
    a->city = c->words_count > 4 ? or_null(c->words[4]) : NULL;
    *(ship ? &c->in.shipping_address : &c->in.billing_address) = a;
}

static void read_customer(case_file *c)
{
    ec_pricing_customer *who = &c->in.customer;
    who->user_id = case_number(c, "user", 1);
    who->email = case_value(c, "email");
    who->role = case_value(c, "role") ? case_value(c, "role") : "customer";
    who->group_codes = case_texts(c, case_value(c, "groups"), ',', &who->groups_count);
    ec_id *ids = ec_arena_array(&c->arena, who->groups_count + 1, sizeof *ids);
    for (size_t i = 0; i < who->groups_count; i++)
        ids[i] = (ec_id)i + 1;
    who->groups = ids;
    who->orders_count = case_number(c, "orders", 0);
    who->spent = case_amount(c, "spent", 0);
    who->last_order_at = case_time(c, "last");
    who->tax_number = case_value(c, "tax_number");
    who->tax_exempt = case_flag(c, "exempt");
    who->reverse_charge = case_flag(c, "reverse_charge");
    who->staff = case_flag(c, "staff");
    who->signed_in = true;
}

static void read_fact(case_file *c)
{
    size_t count = 0;
    const ec_pricing_pair *pairs = case_pairs(c, "", &count);
    for (size_t i = 0; i < count && c->in.facts_count < 16; i++)
        c->facts[c->in.facts_count++] = pairs[i];
}

static void read_pay(case_file *c)
{
    c->in.payment_method = case_word(c, 1);
}

/* ---- lines ---- */

/* Two lines of the same SKU are the same variant. */
static ec_id variant_of(const case_file *c, const char *sku)
{
    for (size_t i = 0; i < c->in.lines_count; i++)
        if (strcmp(c->lines[i].sku, sku) == 0) return c->lines[i].variant_id;
    return 1000 + (ec_id)c->in.lines_count;
}

static ec_pricing_line line_of(case_file *c)
{
    ec_pricing_line line = {
        .sku = case_word(c, 1),
        .name = c->words[1],
        .original_price = case_amount(c, "was", 0),
        .minimum_price = case_amount(c, "min", 0),
        .prior_price = case_amount(c, "prior", 0),
        .cost_price = case_amount(c, "cost", 0),
        .brand_id = case_number(c, "brand", 0),
        .weight = case_number(c, "weight", 0),
        .type = case_value(c, "type"),
        .tax_category = case_value(c, "tax"),
        .shipping_category = case_value(c, "shipping"),
        .taxable = !case_flag(c, "untaxed"),
        .requires_shipping = !case_flag(c, "digital"),
        .fixed = case_flag(c, "fixed"),
    };
    line.variant_id = variant_of(c, line.sku);
    line.product_id = case_number(c, "product", line.variant_id);
    line.categories = case_ids(c, case_value(c, "category"), '/', &line.categories_count);
    line.collections = case_ids(c, case_value(c, "collection"), ',', &line.collections_count);
    line.tags = case_texts(c, case_value(c, "tags"), ',', &line.tags_count);
    line.attributes = case_pairs(c, "attribute.", &line.attributes_count);
    line.options = case_pairs(c, "option.", &line.options_count);
    size_t sides = 0;
    const ec_id *size = case_ids(c, case_value(c, "size"), 'x', &sides);
    if (sides == 3) {
        line.length = size[0];
        line.width = size[1];
        line.height = size[2];
    }
    return line;
}

static void read_line(case_file *c)
{
    if (c->in.lines_count == CASE_ITEMS) {
        case_fault(c, "there are too many lines");
        return;
    }
    ec_pricing_line line = line_of(c);
    line.quantity = case_number_text(c, case_word(c, 2));
    line.price = case_amount_text(c, case_word(c, 3));
    c->lines[c->in.lines_count++] = line;
}

static void read_gift(case_file *c)
{
    if (c->promotions_count == 0 || c->promotions[c->promotions_count - 1].rule.gifts_count == 4) {
        case_fault(c, "a gift belongs to a promotion, at most four to one");
        return;
    }
    case_promotion *p = &c->promotions[c->promotions_count - 1];
    ec_pricing_line line = line_of(c);
    line.variant_id = 5000 + (ec_id)(c->promotions_count * 10 + p->rule.gifts_count);
    line.product_id = line.variant_id;
    line.quantity = 1;
    line.price = case_amount_text(c, case_word(c, 2));
    p->gifts[p->rule.gifts_count++] = line;
}

/* ---- promotions ---- */

static void read_promotion(case_file *c)
{
    if (c->promotions_count == 64) {
        case_fault(c, "there are too many promotions");
        return;
    }
    case_promotion *p = &c->promotions[c->promotions_count++];
    ec_promotion_rule *r = &p->rule;
    *p = (case_promotion){0};
    r->id = case_number_text(c, case_word(c, 1));
    r->name = case_value(c, "name") ? case_value(c, "name") : c->words[1];
    r->lane = case_number(c, "lane", 0);
    r->priority = case_number(c, "priority", 0);
    r->starts_at = case_time(c, "from");
    r->ends_at = case_time(c, "until");
    r->channels = case_ids(c, case_value(c, "channels"), ',', &r->channels_count);
    r->tags = case_texts(c, case_value(c, "tags"), ',', &r->tags_count);
    r->combines_with = case_texts(c, case_value(c, "with"), ',', &r->combines_count);
    r->exclusive = case_flag(c, "exclusive");
    r->stops = case_flag(c, "stops");
    r->coupon = case_flag(c, "coupon");
    r->catalog = case_flag(c, "catalog");
    r->spares_discounted = case_flag(c, "spares");
    r->competes_by_line = case_flag(c, "best_by_line");
    r->competes = case_flag(c, "best") || r->competes_by_line;
    r->limited = case_flag(c, "limited");
}

static void read_coupon(case_file *c)
{
    if (c->in.coupons_count == 16) return;
    c->coupons[c->in.coupons_count++] = (ec_pricing_coupon){
        .code = case_word(c, 1),
        .coupon_id = case_number(c, "promotion", 0) == 0 ? 0 : (ec_id)c->in.coupons_count + 1,
        .promotion_id = case_number(c, "promotion", 0),
        .problem = case_value(c, "problem"),
    };
}

static void read_usage(case_file *c)
{
    if (c->in.usage_count == 16) return;
    c->usage[c->in.usage_count++] = (ec_pricing_usage){
        .promotion_id = case_number_text(c, case_word(c, 1)),
        .rule = case_value(c, "rule"),
        .budget_left = case_amount(c, "budget", -1),
    };
}

/* ---- zones, rates, methods ---- */

static void read_zone(case_file *c)
{
    if (c->zones_count == 32) return;
    case_zone *zone = &c->zones[c->zones_count++];
    *zone = (case_zone){.id = case_number_text(c, case_word(c, 1)), .use = case_value(c, "use")};
    for (size_t i = 2; i < c->words_count && zone->members_count < 32; i++)
        if (strchr(c->words[i], ':') != NULL) zone->members[zone->members_count++] = c->words[i];
}

static void read_rate(case_file *c)
{
    if (c->rates_count == 64) return;
    case_rate_row *rate = &c->rates[c->rates_count++];
    *rate = (case_rate_row){
        .name = case_word(c, 1),
        .rate = case_rate(c, case_word(c, 2)),
        .zone_id = case_number(c, "zone", 1),
        .id = case_number(c, "id", (int64_t)c->rates_count),
        .category = case_value(c, "category") ? case_value(c, "category") : "standard",
        .priority = case_number(c, "priority", 0),
        .included = case_flag(c, "included"),
        .compound = case_flag(c, "compound"),
        .sum = case_flag(c, "sum"),
        .from = case_time(c, "from"),
        .until = case_time(c, "until"),
    };
}

static void read_method(case_file *c)
{
    if (c->methods_count == 32) return;
    case_method *method = &c->methods[c->methods_count++];
    *method = (case_method){
        .code = case_word(c, 1),
        .calculator = case_word(c, 2),
        .id = case_number(c, "id", (int64_t)c->methods_count),
        .zone_id = case_number(c, "zone", 0),
        .condition = case_value(c, "if"),
        .tax = case_value(c, "tax"),
        .category = case_value(c, "category"),
        .rule = case_value(c, "rule"),
        .provider = case_value(c, "provider"),
    };
    method->channels = case_ids(c, case_value(c, "channels"), ',', &method->channels_count);
}

static void read_default_zone(case_file *c)
{
    c->in.default_tax_zone_id = case_number_text(c, case_word(c, 1));
}

static void read_ask(case_file *c)
{
    c->in.shipping_method = case_word(c, 1);
}

static void read_fee(case_file *c)
{
    c->in.shipping_amount = case_amount_text(c, case_word(c, 1));
}

static void read_outside_tax(case_file *c)
{
    if (c->in.outside_taxes_count == 32) return;
    c->in.has_outside_taxes = true;
    c->outside[c->in.outside_taxes_count++] = (ec_pricing_outside_tax){
        .line = case_number_text(c, case_word(c, 1)),
        .name = case_word(c, 2),
        .code = "outside",
        .rate = case_rate(c, case_word(c, 3)),
        .amount = case_amount_text(c, case_word(c, 4)),
        .included = case_flag(c, "included"),
    };
}

static const struct {
    const char *word;
    void (*read)(case_file *c);
} readers[] = {
    {"channel", read_channel},
    {"policy", read_policy},
    {"at", read_at},
    {"ship", read_address},
    {"bill", read_address},
    {"customer", read_customer},
    {"fact", read_fact},
    {"pay", read_pay},
    {"line", read_line},
    {"promotion", read_promotion},
    {"gift", read_gift},
    {"coupon", read_coupon},
    {"usage", read_usage},
    {"zone", read_zone},
    {"default_zone", read_default_zone},
    {"rate", read_rate},
    {"method", read_method},
    {"ask", read_ask},
    {"fee", read_fee},
    {"outside_tax", read_outside_tax},
};

void case_read_line(case_file *c, char *line)
{
    const char *rest = case_rest(c, line);
    case_split(c, line);
    if (c->words_count == 0) return;
    bool condition = strcmp(c->words[0], "if") == 0;
    if (condition || strcmp(c->words[0], "do") == 0) {
        if (c->promotions_count == 0)
            case_fault(c, "there is no promotion yet");
        else if (condition)
            c->promotions[c->promotions_count - 1].condition = rest;
        else
            c->promotions[c->promotions_count - 1].actions = rest;
        return;
    }
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (strcmp(readers[i].word, c->words[0]) != 0) continue;
        readers[i].read(c);
        return;
    }
    case_fault(c, "there is no word \"%s\"", c->words[0]);
}

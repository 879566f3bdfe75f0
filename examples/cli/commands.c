/* SPDX-License-Identifier: MIT */
/*
 * commands.c - every command, once. Help, completion and the man page are made from these rows.
 */
#include "cli.h"

static const cli_option page_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {NULL, NULL, NULL},
};

static const cli_option import_options[] = {
    {"dry-run", NULL, "say what would change, keep nothing"},
    {"resume", NULL, "go on where an interrupted import of the file stopped"},
    {"format", "NAME", "shopify (CSV) or jsonl; default: by the file's name"},
    {"prices", "CODE", "currency of the prices; default: the shop's"},
    {"keep-stock", NULL, "leave quantities of known variants alone"},
    {"report", "FILE", "write refused rows there as CSV"},
    {NULL, NULL, NULL},
};

static const cli_option export_options[] = {
    {"format", "NAME", "shopify (CSV) or jsonl; default: by the file's name"},
    {"entity", "NAME", "one entity only (jsonl)"},
    {NULL, NULL, NULL},
};

static const cli_option product_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"category", "SLUG", "with the categories below it"},
    {"search", "TEXT", "in the name"},
    {"sort", "NAME", "newest, name, price, -price, rating, best_selling"},
    {"in-stock", NULL, "only what can be bought now"},
    {NULL, NULL, NULL},
};

static const cli_option product_create_options[] = {
    {"price", "AMOUNT", "such as 19990"},     {"sku", "SKU", "stock keeping unit"},
    {"category", "SLUG", "where it belongs"}, {"quantity", "N", "units on hand"},
    {"draft", NULL, "do not show it yet"},    {NULL, NULL, NULL},
};

static const cli_option product_update_options[] = {
    {"set", "JSON", "fields to change, such as {\"name\":\"Otro\"}"},
    {"version", "N", "refuse when it is at another version"},
    {NULL, NULL, NULL},
};

static const cli_option category_create_options[] = {
    {"parent", "SLUG", "below this one"},
    {"slug", "SLUG", "default: made from the name"},
    {NULL, NULL, NULL},
};

static const cli_option stock_options[] = {
    {"warehouse", "CODE", "default: main"},
    {"reason", "TEXT", "for the ledger"},
    {"expected", "N", "units that should be on hand now (for set)"},
    {NULL, NULL, NULL},
};

static const cli_option stock_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"warehouse", "CODE", "default: all"},
    {"low", NULL, "only what is at or below its reorder point"},
    {NULL, NULL, NULL},
};

static const cli_option quote_options[] = {
    {"coupon", "CODES", "with commas between"},
    {"country", "CODE", "where it goes, such as CL"},
    {"region", "TEXT", "code or name"},
    {"city", "TEXT", "or commune"},
    {"postcode", "TEXT", "postal code"},
    {"customer", "EMAIL", "who buys"},
    {"channel", "CODE", "shop front; default: the shop's"},
    {"shipping", "CODE", "way to ship; default: the first that fits"},
    {"payment", "METHOD", "such as cash"},
    {"at", "TIME", "the moment whose rules hold, such as 2026-12-24"},
    {"explain", NULL, "every cent with its reason (without --json that is the default)"},
    {NULL, NULL, NULL},
};

static const cli_option coupon_options[] = {
    {"remove", NULL, "take it back"},
    {NULL, NULL, NULL},
};

static const cli_option checkout_options[] = {
    {"key", "KEY", "idempotency key; default: made from the cart"},
    {"email", "ADDRESS", "of the shopper"},
    {"address", "JSON", "shipping address"},
    {"provider", "NAME", "offline (default) or manual"},
    {"method", "NAME", "such as card or transfer"},
    {"token", "TOKEN", "for the provider"},
    {"capture", NULL, "take the money now"},
    {"shipping", "MINOR", "fee in minor units"},
    {"gift-card", "CODE", "pays first, as much as it holds"},
    {"credit", "ID", "store credit that pays first, as much as it holds"},
    {NULL, NULL, NULL},
};

static const cli_option order_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"status", "NAME", "pending, confirmed, processing, shipped, delivered, cancelled"},
    {"email", "ADDRESS", "of the customer"},
    {NULL, NULL, NULL},
};

static const cli_option note_options[] = {
    {"note", "TEXT", "for the history"},
    {NULL, NULL, NULL},
};

static const cli_option cancel_options[] = {
    {"reason", "TEXT", "for the history"},
    {"no-restock", NULL, "the goods are gone"},
    {"items", "LIST", "only these: SKU=UNITS or #ITEM=UNITS, with commas between"},
    {NULL, NULL, NULL},
};

static const cli_option return_options[] = {
    {"reason", "TEXT", "for the history"},
    {"no-restock", NULL, "do not put them back on hand"},
    {NULL, NULL, NULL},
};

static const cli_option ship_options[] = {
    {"carrier", "NAME", "who carries it"},
    {"tracking", "NUMBER", "the carrier's number"},
    {"items", "LIST", "only these: SKU=UNITS or #ITEM=UNITS, with commas between"},
    {NULL, NULL, NULL},
};

static const cli_option pay_options[] = {
    {"method", "NAME", "transfer (default), cash …"},
    {"reference", "TEXT", "what the bank calls it"},
    {"gift-card", "CODE", "take it from this card instead; 0: as much as it holds"},
    {"credit", "ID", "take it from this account instead; 0: as much as it holds"},
    {"key", "KEY", "idempotency key; required"},
    {NULL, NULL, NULL},
};

static const cli_option refund_options[] = {
    {"amount", "MINOR", "minor units; default: what is owed back"},
    {"to-credit", NULL, "into the customer's store credit"},
    {"reason", "TEXT", "for the history"},
    {"key", "KEY", "idempotency key; required"},
    {NULL, NULL, NULL},
};

static const cli_option giftcard_issue_options[] = {
    {"count", "N", "how many, 1 to 1000; default: 1"},
    {"currency", "CODE", "default: the shop's"},
    {"expires", "TIME", "such as 2027-12-31"},
    {"note", "TEXT", "for the shop's people"},
    {NULL, NULL, NULL},
};

static const cli_option giftcard_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"status", "NAME", "active, disabled, expired"},
    {"end", "TEXT", "last four characters of the code"},
    {NULL, NULL, NULL},
};

static const cli_option credit_issue_options[] = {
    {"currency", "CODE", "default: the shop's"},
    {"note", "TEXT", "for the ledger"},
    {NULL, NULL, NULL},
};

static const cli_option credit_note_options[] = {
    {"note", "TEXT", "for the ledger"},
    {NULL, NULL, NULL},
};

static const cli_option verify_options[] = {
    {"rebuild", NULL, "set the stock balances to what the ledger says"},
    {NULL, NULL, NULL},
};

static const cli_option bench_options[] = {
    {"seconds", "N", "how long, 1 to 60; default: 3"},
    {"callers", "N", "threads, 1 to 64; default: 8"},
    {NULL, NULL, NULL},
};

static const cli_option migrate_options[] = {
    {"to", "N", "bring the schema to this number; downward only with --yes"},
    {"rollback", NULL, "undo the newest change and delete its data; only with --yes"},
    {NULL, NULL, NULL},
};

static const cli_option zone_options[] = {
    {"scope", "NAME", "all (default), tax or shipping"},
    {NULL, NULL, NULL},
};

static const cli_option match_options[] = {
    {"region", "TEXT", "code or name"},
    {"city", "TEXT", "or commune"},
    {"postcode", "TEXT", "postal code"},
    {"shipping", NULL, "for shipping instead of taxes"},
    {NULL, NULL, NULL},
};

static const cli_option tax_import_options[] = {
    {"eu", NULL, "VAT of Europe by date, with exceptions by postcode"},
    {"sales", NULL, "one rate of each country, and what its states add"},
    {"added", NULL, "rates come on top of prices everywhere"},
    {NULL, NULL, NULL},
};

static const cli_option tax_category_options[] = {
    {"default", NULL, "that of goods which name none"},
    {NULL, NULL, NULL},
};

static const cli_option tax_rates_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"zone", "CODE", "of one zone"},
    {"category", "CODE", "of one category"},
    {NULL, NULL, NULL},
};

static const cli_option tax_rate_options[] = {
    {"name", "TEXT", "on invoices; default: Tax"},
    {"added", NULL, "on top of prices, not included"},
    {"compound", NULL, "on the taxes of lower priority, too"},
    {"priority", "N", "its level; default: 0"},
    {"sum", NULL, "round one level later than the channel says"},
    {"from", "TIME", "holds from then on, such as 2026-01-01"},
    {"until", "TIME", "and before then"},
    {NULL, NULL, NULL},
};

static const cli_option tax_exemptions_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"buyer", "EMAIL|group:CODE", "of one buyer"},
    {NULL, NULL, NULL},
};

static const cli_option tax_exempt_options[] = {
    {"zone", "CODE", "where; default: everywhere"},
    {"certificate", "TEXT", "its number"},
    {"reverse-charge", NULL, "a company that accounts for the tax itself"},
    {"from", "TIME", "holds from then on, such as 2026-01-01"},
    {"until", "TIME", "and before then"},
    {NULL, NULL, NULL},
};

static const cli_option tax_number_options[] = {
    {"company", "NAME", "as the authority has it"},
    {"valid", NULL, "the authority knows it"},
    {NULL, NULL, NULL},
};

static const cli_option promotion_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"status", "NAME", "draft, active or archived"},
    {"kind", "NAME", "cart or catalog"},
    {NULL, NULL, NULL},
};

static const cli_option promotion_create_options[] = {
    {"conditions", "TEXT", "when it applies, such as \"total >= 20000 CLP\""},
    {"catalog", NULL, "change unit prices instead of carts"},
    {"coupon", NULL, "only with one of its coupons"},
    {"channels", "CODES", "with commas between; default: all"},
    {"from", "TIME", "applies from then on, such as 2026-11-27"},
    {"until", "TIME", "and before then"},
    {"lane", "N", "lower ones apply first; default: 0"},
    {"priority", "N", "higher ones apply first within a lane; default: 0"},
    {"competes", "NAME", "with others of its lane: none (default), best or best_by_line"},
    {"exclusive", NULL, "keep others out"},
    {"stops", NULL, "nothing after it once it applied"},
    {"spares", NULL, "leave lines alone whose price is reduced"},
    {"tags", "WORDS", "its own, with commas between"},
    {"with", "WORDS", "tags that others must have to apply with it"},
    {"uses", "N", "orders altogether; default: no limit"},
    {"each", "N", "orders of one customer; default: no limit"},
    {"budget", "AMOUNT", "it takes off at most, such as '50000 CLP'"},
    {"description", "TEXT", "for people"},
    {"draft", NULL, "do not apply it yet"},
    {NULL, NULL, NULL},
};

static const cli_option promotion_update_options[] = {
    {"set", "JSON", "fields to change, such as {\"name\":\"Otro\"}"},
    {"version", "N", "refuse when it is at another version"},
    {NULL, NULL, NULL},
};

static const cli_option coupon_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"promotion", "CODE", "of one promotion"},
    {NULL, NULL, NULL},
};

static const cli_option coupon_create_options[] = {
    {"uses", "N", "orders altogether; default: no limit"},
    {"each", "N", "orders of one customer; default: no limit"},
    {"expires", "TIME", "worth nothing from then on"},
    {"reusable", NULL, "a cancelled order gives it back"},
    {NULL, NULL, NULL},
};

static const cli_option coupon_generate_options[] = {
    {"length", "N", "random characters, 1 to 40; default: 8"},
    {"prefix", "TEXT", "before them"},
    {"suffix", "TEXT", "behind them"},
    {"alphabet", "TEXT", "what they are taken of; default: hexadecimal digits"},
    {"pattern", "TEXT", "instead, such as SUMMER-####-????: # a digit, ? a letter, * either"},
    {"uses", "N", "orders of each; default: no limit"},
    {"each", "N", "orders of one customer with each; default: no limit"},
    {"expires", "TIME", "worth nothing from then on"},
    {"reusable", NULL, "cancelled orders give them back"},
    {NULL, NULL, NULL},
};

static const cli_option shipping_create_options[] = {
    {"zone", "CODE", "where it goes; default: everywhere"},
    {"conditions", "TEXT", "when it fits, such as \"weight <= 30000\""},
    {"channels", "CODES", "with commas between; default: all"},
    {"category", "CODE", "kind of goods that it is about"},
    {"category-rule", "NAME", "of what is sent, any (default), all or none is of the category"},
    {"days", "N-N", "business days until it arrives"},
    {"cutoff", "HOUR", "later orders leave a business day later"},
    {"pickup", "CODE", "warehouse where it is picked up"},
    {"position", "N", "lower ones are offered first; default: the last"},
    {"tax-category", "CODE", "of the fee"},
    {"description", "TEXT", "for people"},
    {"disabled", NULL, "do not offer it yet"},
    {NULL, NULL, NULL},
};

static const cli_option shipping_update_options[] = {
    {"set", "JSON", "fields to change, such as {\"name\":\"Otro\"}"},
    {"version", "N", "refuse when it is at another version"},
    {NULL, NULL, NULL},
};

static const cli_option shipping_import_options[] = {
    {"prices", "CODE", "currency of the prices; default: the shop's"},
    {NULL, NULL, NULL},
};

static const cli_option pricelist_create_options[] = {
    {"prices", "CODE", "its currency; default: that of its first channel"},
    {"channels", "CODES", "that have it, with commas between"},
    {"group", "CODE", "customers for whom it is; default: everybody"},
    {"priority", "N", "higher ones go first; default: 0"},
    {"from", "TIME", "holds from then on, such as 2026-11-27"},
    {"until", "TIME", "and before then"},
    {"draft", NULL, "its prices do not hold yet"},
    {NULL, NULL, NULL},
};

static const cli_option pricelist_update_options[] = {
    {"status", "NAME", "draft, active or archived"},
    {"channels", "CODES", "that have it, with commas between; empty: none"},
    {"group", "CODE", "customers for whom it is; empty: everybody"},
    {"priority", "N", "higher ones go first"},
    {"from", "TIME", "holds from then on, such as 2026-11-27"},
    {"until", "TIME", "and before then"},
    {NULL, NULL, NULL},
};

static const cli_option price_list_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"scheduled", NULL, "only those that begin in the future"},
    {NULL, NULL, NULL},
};

static const cli_option price_set_options[] = {
    {"quantity", "N", "from so many units on; default: 1"},
    {"compare", "AMOUNT", "what it is said to cost without discount"},
    {"minimum", "AMOUNT", "no promotion goes below"},
    {NULL, NULL, NULL},
};

static const cli_option price_remove_options[] = {
    {"quantity", "N", "that of the price; default: 1"},
    {NULL, NULL, NULL},
};

static const cli_option price_schedule_options[] = {
    {"until", "TIME", "holds before then; default: for ever"},
    {"quantity", "N", "from so many units on; default: 1"},
    {"compare", "AMOUNT", "what it is said to cost without discount"},
    {"minimum", "AMOUNT", "no promotion goes below"},
    {NULL, NULL, NULL},
};

static const cli_option price_history_options[] = {
    {"limit", "N", "items of a page, 1 to 100"},
    {"cursor", "TOKEN", "go on behind the page before"},
    {"list", "CODE", "of one price list"},
    {"catalog", NULL, "only the catalogue's own prices"},
    {"scheduled", NULL, "what is to come, instead"},
    {NULL, NULL, NULL},
};

static const cli_option price_prior_options[] = {
    {"channel", "CODE", "default: the shop's default one"},
    {NULL, NULL, NULL},
};

static const cli_option price_bulk_options[] = {
    {"amount", "MINOR", "added after the percentage, minor units"},
    {"ending", "DIGITS", "how prices end: 990, or .99"},
    {"round", "NAME", "to the nearest (default), up or down"},
    {"base", "NAME", "price (default), compare, cost or catalog"},
    {"compare", "NAME", "keep (default), old: the old price, or none"},
    {"category", "SLUG", "with the categories below it"},
    {"brand", "SLUG", "of this brand"},
    {"collection", "SLUG", "of this collection"},
    {"type", "TEXT", "of this type"},
    {"floor-cost", NULL, "not below what it costs the shop"},
    {"floor-minimum", NULL, "not below the minimum"},
    {"dry-run", NULL, "say what would change, keep nothing"},
    {NULL, NULL, NULL},
};

static const cli_option price_import_options[] = {
    {"dry-run", NULL, "say what would change, keep nothing"},
    {"resume", NULL, "go on where an interrupted import of the file stopped"},
    {"report", "FILE", "write refused rows there as CSV"},
    {NULL, NULL, NULL},
};

static const cli_option promotion_simulate_options[] = {
    {"from", "TIME", "orders from then on, such as 2026-01-01; default: all"},
    {"until", "TIME", "and before then; default: up to now"},
    {"channel", "CODE", "whose orders; default: the shop's default one"},
    {NULL, NULL, NULL},
};

const cli_command cli_commands[] = {
    {"init", NULL, "", "make a shop", 0, 0, NULL, cli_init, CLI_SHOP_NEW},
    {"migrate", NULL, "", "bring the schema up to date, or to a number", 0, 0, migrate_options,
     cli_migrate, CLI_SHOP_AS_IS},
    {"migrate", "status", "", "list the changes of the schema", 0, 0, NULL, cli_migrate_status,
     CLI_SHOP_AS_IS},
    {"import", NULL, "FILE", "take a catalogue or base data in; - reads stdin", 1, 1,
     import_options, cli_import, CLI_SHOP},
    {"export", NULL, "[FILE]", "give a catalogue or a shop out; default: stdout", 0, 1,
     export_options, cli_export, CLI_SHOP},
    {"product", "list", "", "list products", 0, 0, product_list_options, cli_product_list,
     CLI_SHOP},
    {"product", "get", "ID|SLUG", "show a product", 1, 1, NULL, cli_product_get, CLI_SHOP},
    {"product", "create", "NAME", "add a product with one variant", 1, 1, product_create_options,
     cli_product_create, CLI_SHOP},
    {"product", "update", "ID|SLUG", "change fields of a product", 1, 1, product_update_options,
     cli_product_update, CLI_SHOP},
    {"product", "delete", "ID|SLUG", "remove a product that was never ordered", 1, 1, NULL,
     cli_product_delete, CLI_SHOP},
    {"category", "list", "", "show the tree", 0, 0, NULL, cli_category_list, CLI_SHOP},
    {"category", "create", "NAME", "add a category", 1, 1, category_create_options,
     cli_category_create, CLI_SHOP},
    {"category", "move", "SLUG PARENT", "put a category below another; - for the top", 2, 2, NULL,
     cli_category_move, CLI_SHOP},
    {"group", "list", "", "list groups of customers", 0, 0, page_options, cli_group_list, CLI_SHOP},
    {"group", "create", "CODE NAME", "add a group of customers", 2, 2, NULL, cli_group_create,
     CLI_SHOP},
    {"group", "delete", "CODE", "remove a group that nothing is for", 1, 1, NULL, cli_group_delete,
     CLI_SHOP},
    {"group", "users", "CODE", "list who is in a group", 1, 1, page_options, cli_group_users,
     CLI_SHOP},
    {"group", "add", "CODE EMAIL…", "put customers into a group", 2, -1, NULL, cli_group_add,
     CLI_SHOP},
    {"group", "remove", "CODE EMAIL…", "take customers out of a group", 2, -1, NULL,
     cli_group_remove, CLI_SHOP},
    {"pricelist", "list", "", "list price lists", 0, 0, page_options, cli_pricelist_list, CLI_SHOP},
    {"pricelist", "show", "CODE", "show a price list", 1, 1, NULL, cli_pricelist_show, CLI_SHOP},
    {"pricelist", "create", "CODE NAME", "add a price list", 2, 2, pricelist_create_options,
     cli_pricelist_create, CLI_SHOP},
    {"pricelist", "update", "CODE", "change a price list", 1, 1, pricelist_update_options,
     cli_pricelist_update, CLI_SHOP},
    {"price", "list", "LIST [SKU]", "show the prices of a list", 1, 2, price_list_options,
     cli_price_list, CLI_SHOP},
    {"price", "set", "LIST SKU AMOUNT", "set a price, such as web MATE 19.99", 3, 3,
     price_set_options, cli_price_set, CLI_SHOP},
    {"price", "remove", "LIST SKU", "remove a price with what is scheduled for it", 2, 2,
     price_remove_options, cli_price_remove, CLI_SHOP},
    {"price", "schedule", "LIST SKU AMOUNT TIME", "let a price hold from a moment on", 4, 4,
     price_schedule_options, cli_price_schedule, CLI_SHOP},
    {"price", "unschedule", "ID", "take back a price that has not begun", 1, 1, NULL,
     cli_price_unschedule, CLI_SHOP},
    {"price", "history", "[SKU]", "show what prices changed, newest first", 0, 1,
     price_history_options, cli_price_history, CLI_SHOP},
    {"price", "prior", "SKU", "show the lowest price before the present one", 1, 1,
     price_prior_options, cli_price_prior, CLI_SHOP},
    {"price", "sweep", "", "log what promotions of the catalogue make of prices now", 0, 0,
     price_prior_options, cli_price_sweep, CLI_SHOP},
    {"price", "bulk", "LIST|catalog PERCENT", "change many prices, such as web 10 --ending=990", 2,
     2, price_bulk_options, cli_price_bulk, CLI_SHOP},
    {"price", "import", "LIST FILE", "take prices in from CSV: sku,amount,…; - reads stdin", 2, 2,
     price_import_options, cli_price_import, CLI_SHOP},
    {"price", "export", "LIST [FILE]", "give the prices of a list out; default: stdout", 1, 2, NULL,
     cli_price_export, CLI_SHOP},
    {"stock", "list", "[SKU]", "show balances", 0, 1, stock_list_options, cli_stock_list, CLI_SHOP},
    {"stock", "adjust", "SKU CHANGE", "add or take units, such as +5 or -2", 2, 2, stock_options,
     cli_stock_adjust, CLI_SHOP},
    {"stock", "set", "SKU UNITS", "set the units on hand after a count", 2, 2, stock_options,
     cli_stock_set, CLI_SHOP},
    {"stock", "transfer", "SKU UNITS FROM TO", "move units between warehouses", 4, 4, NULL,
     cli_stock_transfer, CLI_SHOP},
    {"shipping", "list", "", "list ways to ship", 0, 0, page_options, cli_shipping_list, CLI_SHOP},
    {"shipping", "show", "CODE", "show a way to ship", 1, 1, NULL, cli_shipping_show, CLI_SHOP},
    {"shipping", "create", "CODE NAME FEE", "add one, such as standard Correo 'flat(3990 CLP)'", 3,
     3, shipping_create_options, cli_shipping_create, CLI_SHOP},
    {"shipping", "update", "CODE", "change fields of a way to ship", 1, 1, shipping_update_options,
     cli_shipping_update, CLI_SHOP},
    {"shipping", "archive", "CODE", "never offer it again; orders still name it", 1, 1, NULL,
     cli_shipping_archive, CLI_SHOP},
    {"shipping", "delete", "CODE", "remove one that no order used", 1, 1, NULL, cli_shipping_delete,
     CLI_SHOP},
    {"shipping", "import", "FILE", "take a table of rates in: country,region,zip,…,price", 1, 1,
     shipping_import_options, cli_shipping_import, CLI_SHOP},
    {"shipping", "categories", "", "list kinds of goods for shipping", 0, 0, NULL,
     cli_shipping_categories, CLI_SHOP},
    {"shipping", "category", "CODE NAME", "add a kind of goods for shipping", 2, 2, NULL,
     cli_shipping_category, CLI_SHOP},
    {"zone", "list", "", "list zones", 0, 0, page_options, cli_zone_list, CLI_SHOP},
    {"zone", "show", "CODE", "show a zone with its places", 1, 1, NULL, cli_zone_show, CLI_SHOP},
    {"zone", "create", "CODE NAME PLACE…",
     "add a zone of places: CL, region:US/CA, city:CL/Arica, postcode:ES/35*, zone:eu", 2, -1,
     zone_options, cli_zone_create, CLI_SHOP},
    {"zone", "update", "CODE PLACE…", "give a zone other places", 1, -1, NULL, cli_zone_update,
     CLI_SHOP},
    {"zone", "delete", "CODE", "remove a zone that nothing names", 1, 1, NULL, cli_zone_delete,
     CLI_SHOP},
    {"zone", "match", "COUNTRY", "which zone is an address in?", 1, 1, match_options,
     cli_zone_match, CLI_SHOP},
    {"tax", "preset", "COUNTRY", "make what the shops of a country begin with, such as CL", 1, 1,
     NULL, cli_tax_preset, CLI_SHOP},
    {"tax", "import", "FILE", "take a table of rates in, JSON", 1, 1, tax_import_options,
     cli_tax_import, CLI_SHOP},
    {"tax", "categories", "", "list kinds of goods for taxes", 0, 0, NULL, cli_tax_categories,
     CLI_SHOP},
    {"tax", "category", "CODE NAME", "add a kind of goods for taxes", 2, 2, tax_category_options,
     cli_tax_category, CLI_SHOP},
    {"tax", "rates", "", "list rates", 0, 0, tax_rates_options, cli_tax_rates, CLI_SHOP},
    {"tax", "rate", "ZONE CATEGORY PERCENT", "add a rate, such as cl standard 19", 3, 3,
     tax_rate_options, cli_tax_rate, CLI_SHOP},
    {"tax", "delete", "ID", "remove a rate", 1, 1, NULL, cli_tax_delete, CLI_SHOP},
    {"tax", "exemptions", "", "list who pays no tax", 0, 0, tax_exemptions_options,
     cli_tax_exemptions, CLI_SHOP},
    {"tax", "exempt", "EMAIL|group:CODE", "let a customer or a group pay no tax", 1, 1,
     tax_exempt_options, cli_tax_exempt, CLI_SHOP},
    {"tax", "charge", "ID", "remove an exemption", 1, 1, NULL, cli_tax_charge, CLI_SHOP},
    {"tax", "number", "EMAIL COUNTRY NUMBER", "keep the tax number of a company", 3, 3,
     tax_number_options, cli_tax_number, CLI_SHOP},
    {"promotion", "list", "", "list promotions", 0, 0, promotion_list_options, cli_promotion_list,
     CLI_SHOP},
    {"promotion", "show", "CODE", "show a promotion", 1, 1, NULL, cli_promotion_show, CLI_SHOP},
    {"promotion", "create", "CODE NAME ACTIONS",
     "add one, such as summer Summer 'order_percent_off(10%)'", 3, 3, promotion_create_options,
     cli_promotion_create, CLI_SHOP},
    {"promotion", "update", "CODE", "change fields of a promotion", 1, 1, promotion_update_options,
     cli_promotion_update, CLI_SHOP},
    {"promotion", "activate", "CODE", "let a promotion apply", 1, 1, NULL, cli_promotion_activate,
     CLI_SHOP},
    {"promotion", "archive", "CODE", "let a promotion apply no more", 1, 1, NULL,
     cli_promotion_archive, CLI_SHOP},
    {"promotion", "move", "CODE PRIORITY",
     "give it a priority of its own; -1: above all others of its kind", 2, 2, NULL,
     cli_promotion_move, CLI_SHOP},
    {"promotion", "delete", "CODE", "remove a promotion that no order used", 1, 1, NULL,
     cli_promotion_delete, CLI_SHOP},
    {"promotion", "check", "[CODE|FILE.json]",
     "what is wrong with active promotions, or with this one among them", 0, 1, NULL,
     cli_promotion_check, CLI_SHOP},
    {"promotion", "simulate", "CODE|FILE.json", "what would it have cost in past orders?", 1, 1,
     promotion_simulate_options, cli_promotion_simulate, CLI_SHOP},
    {"coupon", "list", "", "list coupons", 0, 0, coupon_list_options, cli_coupon_list, CLI_SHOP},
    {"coupon", "show", "CODE", "show a coupon", 1, 1, NULL, cli_coupon_show, CLI_SHOP},
    {"coupon", "create", "PROMOTION CODE", "add a coupon", 2, 2, coupon_create_options,
     cli_coupon_create, CLI_SHOP},
    {"coupon", "generate", "PROMOTION AMOUNT", "make many coupons with random codes", 2, 2,
     coupon_generate_options, cli_coupon_generate, CLI_SHOP},
    {"coupon", "disable", "CODE", "switch a coupon off", 1, 1, NULL, cli_coupon_disable, CLI_SHOP},
    {"coupon", "delete", "CODE", "remove a coupon that no order used", 1, 1, NULL,
     cli_coupon_delete, CLI_SHOP},
    {"quote", NULL, "SKU:UNITS…", "what would it cost, and why? SKU:UNITS@PRICE sets a price", 1,
     -1, quote_options, cli_quote, CLI_SHOP},
    {"cart", "create", "", "open a cart; prints its number and secret", 0, 0, NULL, cli_cart_create,
     CLI_SHOP},
    {"cart", "get", "ID", "show a cart", 1, 1, NULL, cli_cart_get, CLI_SHOP},
    {"cart", "add", "ID SKU UNITS", "put units into a cart", 3, 3, NULL, cli_cart_add, CLI_SHOP},
    {"cart", "set", "ID ITEM UNITS", "set the units of an item; 0 removes it", 3, 3, NULL,
     cli_cart_set, CLI_SHOP},
    {"cart", "coupon", "ID CODE", "give a coupon's code with a cart", 2, 2, coupon_options,
     cli_cart_coupon, CLI_SHOP},
    {"cart", "ship", "ID METHOD", "choose the way to ship; - for none", 2, 2, NULL, cli_cart_ship,
     CLI_SHOP},
    {"cart", "checkout", "ID", "turn a cart into an order", 1, 1, checkout_options,
     cli_cart_checkout, CLI_SHOP},
    {"order", "list", "", "list orders, newest first", 0, 0, order_list_options, cli_order_list,
     CLI_SHOP},
    {"order", "get", "NUMBER", "show an order", 1, 1, NULL, cli_order_get, CLI_SHOP},
    {"order", "history", "NUMBER", "show what happened to an order", 1, 1, page_options,
     cli_order_history, CLI_SHOP},
    {"order", "next", "NUMBER", "show what may happen to an order now", 1, 1, NULL, cli_order_next,
     CLI_SHOP},
    {"order", "apply", "NUMBER EVENT", "confirm, process, complete or cancel an order", 2, 2,
     note_options, cli_order_apply, CLI_SHOP},
    {"order", "cancel", "NUMBER", "call an order or units of it off", 1, 1, cancel_options,
     cli_order_cancel, CLI_SHOP},
    {"order", "ship", "NUMBER", "send what is left of an order, or a part", 1, 1, ship_options,
     cli_order_ship, CLI_SHOP},
    {"order", "deliver", "NUMBER", "the parcels of an order arrived", 1, 1, NULL, cli_order_deliver,
     CLI_SHOP},
    {"order", "return", "NUMBER LIST", "units come back: SKU=UNITS, with commas between", 2, 2,
     return_options, cli_order_return, CLI_SHOP},
    {"order", "capture", "NUMBER", "take the money that was reserved", 1, 1, NULL,
     cli_order_capture, CLI_SHOP},
    {"order", "pay", "NUMBER MINOR", "record money that came by transfer or cash, or take credit",
     2, 2, pay_options, cli_order_pay, CLI_SHOP},
    {"order", "refund", "NUMBER", "give money back", 1, 1, refund_options, cli_order_refund,
     CLI_SHOP},
    {"order", "ledger", "NUMBER", "show the money of an order: owed, taken, given back", 1, 1, NULL,
     cli_order_ledger, CLI_SHOP},
    {"return", "apply", "ID EVENT", "approve, reject, receive or cancel a return", 2, 2, NULL,
     cli_return_apply, CLI_SHOP},
    {"giftcard", "issue", "MINOR", "make gift cards; prints their codes, once", 1, 1,
     giftcard_issue_options, cli_giftcard_issue, CLI_SHOP},
    {"giftcard", "show", "CODE|#ID", "show a gift card", 1, 1, NULL, cli_giftcard_show, CLI_SHOP},
    {"giftcard", "list", "", "list gift cards, newest first", 0, 0, giftcard_list_options,
     cli_giftcard_list, CLI_SHOP},
    {"giftcard", "disable", "CODE|#ID", "let nobody spend a gift card", 1, 1, NULL,
     cli_giftcard_disable, CLI_SHOP},
    {"giftcard", "enable", "CODE|#ID", "let a gift card be spent again", 1, 1, NULL,
     cli_giftcard_enable, CLI_SHOP},
    {"credit", "issue", "EMAIL MINOR", "give a customer store credit", 2, 2, credit_issue_options,
     cli_credit_issue, CLI_SHOP},
    {"credit", "adjust", "ID MINOR", "correct the balance of an account or card, such as -500", 2,
     2, credit_note_options, cli_credit_adjust, CLI_SHOP},
    {"credit", "show", "EMAIL", "show a customer's store credit", 1, 1, NULL, cli_credit_show,
     CLI_SHOP},
    {"credit", "history", "ID", "show the entries of an account or card", 1, 1, page_options,
     cli_credit_history, CLI_SHOP},
    {"credit", "expire", "", "end accounts and cards whose time is over", 0, 0, NULL,
     cli_credit_expire, CLI_SHOP},
    {"payment", "reconcile", "", "ask the providers about payments without an outcome", 0, 0, NULL,
     cli_payment_reconcile, CLI_SHOP},
    {"report", NULL, "", "what the shop has and took: products, orders, revenue by month", 0, 0,
     NULL, cli_report, CLI_SHOP},
    {"verify", NULL, "", "prove the books: stock, money, orders", 0, 0, verify_options, cli_verify,
     CLI_SHOP},
    {"backup", NULL, "FILE", "copy the shop while it works", 1, 1, NULL, cli_backup, CLI_SHOP},
    {"restore", NULL, "FILE", "put a backup in place of the shop, after checking it", 1, 1, NULL,
     cli_restore, CLI_NO_SHOP},
    {"bench", NULL, "", "measure durable checkouts on this machine", 0, 0, bench_options, cli_bench,
     CLI_NO_SHOP},
    {"completion", NULL, "bash|zsh", "print a completion script", 1, 1, NULL, cli_completion,
     CLI_NO_SHOP},
    {"man", NULL, "", "print the man page", 0, 0, NULL, cli_man, CLI_NO_SHOP},
    {"version", NULL, "", "print the version", 0, 0, NULL, cli_version, CLI_NO_SHOP},
    {"help", NULL, "[COMMAND]", "explain the commands", 0, 2, NULL, cli_help, CLI_NO_SHOP},
    {NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, CLI_NO_SHOP},
};

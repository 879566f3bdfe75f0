#!/bin/sh
# SPDX-License-Identifier: MIT
# demo.sh - a shop from nothing: catalogues in, a real order history replayed, the books proved.
#
#   examples/demo.sh BUILD [DATA]
#
# BUILD: where the programs were built. DATA: real catalogues and orders; default ../shared/data.
# Where they are missing the demo shop alone is shown. The shop is BUILD/demo/shop.db and stays.
set -eu
cd "$(dirname "$0")/.."
build=$1
data=${2:-${EC_TEST_DATA:-../shared/data}}
shop=$build/demo/shop.db
ecommerce=$build/examples/ecommerce
export ECOMMERCE_STORAGE="sqlite:$shop"

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[ -t 1 ] || say() { printf '\n%s\n' "$1"; }

# Import a real catalogue: its counts, and why rows were refused. A failure ends the demo.
import_real() {
    printf '%s: ' "$1"
    if ! $ecommerce import --prices=USD "$2" 2>"$refused"; then
        cat "$refused" >&2
        exit 1
    fi
    sed -n '1,3s/^/    /p' "$refused"
    more=$(($(wc -l <"$refused") - 3))
    [ "$more" -le 0 ] || printf '    and %s more like these\n' "$more"
}

begin=$(date +%s)
refused=$build/demo/refused.txt
mkdir -p "$build/demo"
rm -f "$shop" "$shop-wal" "$shop-shm"

say "1. A shop in one file"
$ecommerce init
tail -n +2 examples/data/chile-categories.csv | tr -d '\r' |
    while IFS=, read -r slug name parent; do
        $ecommerce --quiet category create "$name" --slug="$slug" \
            ${parent:+--parent="$parent"} >/dev/null
    done
$ecommerce import examples/data/chile.csv
$ecommerce category list
$ecommerce product list --category=vinos --sort=price --limit=5 2>/dev/null

say "2. A shopper: cart, checkout, payment, parcel"
cart=$($ecommerce --json cart create | sed 's/^{"id":\([0-9]*\).*/\1/')
$ecommerce --json cart add "$cart" VIN-01-01 2 >/dev/null
$ecommerce --json cart add "$cart" LIB-01-01 1 >/dev/null
number=$($ecommerce --json cart checkout "$cart" --email=gabriela@example.com \
    --address='{"name":"Gabriela","street":"Av. Principal 123","city":"Santiago","country":"CL"}' \
    --provider=manual --method=card --token=tok_ok --capture |
    sed 's/.*"order_number":"\([^"]*\)".*/\1/')
$ecommerce --json order ship "$number" --carrier=Correos --tracking=CL123 >/dev/null
$ecommerce order get "$number" | sed -n '/^order_number/p;/_amount/p;/^status/p;/_status/p'
$ecommerce order history "$number" | cut -c1-100

if [ -d "$data/catalogs" ]; then
    say "3. Real catalogues"
    for file in luma/luma-shopify shopify-partners/apparel shopify-partners/home-and-garden \
        shopify-partners/jewelery; do
        import_real "$(basename "$file")" "$data/catalogs/$file.csv"
    done
    import_real 'luma again' "$data/catalogs/luma/luma-shopify.csv"
fi

history=$(ls "$data"/orders/uci-online-retail/*.csv.gz 2>/dev/null || true)
if [ -n "$history" ]; then
    say "4. Eleven months of a real shop, through carts and checkouts"
    gzip -dc "$history" | "$build/examples/replay" "$ECOMMERCE_STORAGE" GBP
fi

say "5. The books"
$ecommerce verify
$ecommerce backup "$build/demo/backup-$(date +%s).db" && rm -f "$build"/demo/backup-*.db

say "6. What the shop took"
$ecommerce report

say "7. Speed on this machine"
$ecommerce bench --seconds=2 --callers=1
$ecommerce bench --seconds=3 --callers=32
printf '\nThe shop is %s (%s), made in %s s. Look around:\n' "$shop" \
    "$(du -h "$shop" | cut -f1)" "$(($(date +%s) - begin))"
printf '  %s --storage sqlite:%s order list\n' "$ecommerce" "$shop"

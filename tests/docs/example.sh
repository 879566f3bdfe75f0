#!/bin/sh
# SPDX-License-Identifier: MIT
# Run an example in an empty folder of its own. usage: example.sh FOLDER PROGRAM
rm -rf "$1"
mkdir -p "$1" && cd "$1" && exec "$2"

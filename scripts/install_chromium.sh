#!/usr/bin/env bash
# Installs what PDF reports and their tests need on Debian or Ubuntu: Chromium, and a font with Chinese characters.
# Does nothing when both are there. Needs root, or sudo without a password. With the word driver it installs the program
# too through which Selenium steers Chromium (pictures of Superset).
set -euo pipefail

browser() {
    local name
    [[ -n ${CHROMIUM:-} ]] && command -v "$CHROMIUM" && return
    for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
        command -v "$name" && return
    done
    return 1
}
has_driver() { [[ ${wanted:-} != driver ]] || command -v chromedriver >/dev/null; }
has_font() { command -v fc-list >/dev/null && [[ -n $(fc-list :lang=zh-cn family) ]]; }

wanted=${1:-}
if found=$(browser) && has_font && has_driver; then
    echo "There is $found, and a font with Chinese characters."
    exit 0
fi
command -v apt-get >/dev/null || {
    echo "No apt-get here: install Chromium and the Noto Sans CJK fonts by hand, or name a browser in CHROMIUM." >&2
    exit 2
}
as_root=()
if [[ $(id -u) != 0 ]]; then
    sudo -n true 2>/dev/null || {
        echo "Run as root: apt-get install chromium fontconfig fonts-noto-cjk" >&2
        exit 2
    }
    as_root=(sudo -n)
fi
# GitHub runners have google-chrome already; only the fonts are missing there
packages=(fontconfig fonts-noto-cjk)
browser >/dev/null || packages+=(chromium)
has_driver || packages+=(chromium-driver)
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}"
echo "Installed: ${packages[*]}"

"""knock.py PORT: wait until the product answers on that port with its sign-in page and every file it names."""

import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ASSET = re.compile(r'(?:href|src)="([^"]+\.(?:css|js|svg))[^"]*"')
PATIENCE = 60  # seconds


def fetch(url: str) -> tuple[str, str]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode(), answer.url


def first_page(root: str) -> tuple[str, str]:
    began = time.monotonic()
    while True:
        try:
            return fetch(root)
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) or time.monotonic() - began > PATIENCE:
                raise SystemExit(f"{root}: {error}") from error
            time.sleep(0.5)


def main() -> None:
    page, address = first_page(f"http://127.0.0.1:{sys.argv[1]}/")
    if 'type="password"' not in page:
        raise SystemExit(f"{address} is not the sign-in page")
    assets = sorted(set(ASSET.findall(page)))
    if not assets:
        raise SystemExit("the sign-in page names no style and no script")
    for asset in assets:
        fetch(urllib.parse.urljoin(address, asset))
    print(f"{address} answers with the sign-in page; {len(assets)} files it names are served")


if __name__ == "__main__":
    main()

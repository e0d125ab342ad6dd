"""The page that describes the endpoints to people who write programs; it loads nothing from anywhere."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>article-qa for programs</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
  h2 {{ margin: 2.5rem 0 .3rem; }}
  code, pre {{ font: .9em ui-monospace, monospace; }}
  pre {{ overflow-x: auto; padding: .7rem 1rem; border: 1px solid #8886; border-radius: 6px; }}
  dt {{ margin-top: .5rem; }}
  dd {{ margin-left: 1.5rem; }}
</style></head>
<body><h1>article-qa for programs</h1>
<p>Named endpoints, for <code>gradio_client</code> and plain HTTP; <a href="openapi.json">openapi.json</a> describes
them to programs.</p>
{endpoints}</body></html>
"""


def page(blocks: Any, address: str) -> str:
    """Return the page, HTML.

    Args:
        blocks: The app, a ``gr.Blocks``.
        address: Where it is served.
    """
    named = blocks.get_api_info()["named_endpoints"]
    functions = {f"/{function.api_name}": function.fn for function in blocks.fns.values()}
    endpoints = "".join(_endpoint(name, info, functions[name], address) for name, info in named.items())
    return _PAGE.format(endpoints=endpoints)


def _endpoint(name: str, info: dict[str, Any], function: Any, address: str) -> str:
    from gradio.utils import get_function_description

    description, about, returns = get_function_description(function)
    parameters = info["parameters"]
    needed = [p["parameter_name"] for p in parameters if not p["parameter_has_default"]]
    given = "".join(f"{parameter}=…, " for parameter in needed)
    call = f'from gradio_client import Client\n\nClient("{address}").predict({given}api_name="{name}")'
    return (
        f"<h2><code>{escape(name)}</code></h2>\n<p>{escape(description)}</p>\n"
        f"<dl>{''.join(_parameter(p, about[p['parameter_name']]) for p in parameters)}</dl>\n"
        f"<p><b>Returns:</b> {escape(' '.join(returns))}</p>\n<pre>{escape(call)}</pre>\n"
    )


def _parameter(info: dict[str, Any], about: str) -> str:
    default = f" = {json.dumps(info['parameter_default'])}" if info["parameter_has_default"] else ""
    kind = escape(f"{info['python_type']['type']}{default}")
    return f"<dt><code><b>{escape(info['parameter_name'])}</b>: {kind}</code></dt><dd>{escape(about)}</dd>"

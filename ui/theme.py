"""How the app looks: Gradio's own theme with system fonts, our style sheet and script, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

STYLE = Path(__file__).with_name("style.css")
SCRIPT = Path(__file__).with_name("app.js")
_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32'"
    " rx='7' fill='%23243b53'/%3E%3Cpath d='M8 10h16M8 22h10' stroke='%23fff' stroke-width='2.4'/%3E%3Cpath d='M7 16"
    "h18' stroke='%23ffd25a' stroke-width='5'/%3E%3C/svg%3E"
)


def theme() -> Any:
    """Return the Gradio theme; plain strings as fonts are taken from the system, none is fetched."""
    import gradio as gr
    from gradio.themes.utils.fonts import Font

    sans, mono = ([Font(name) for name in names] for names in (_SANS, _MONO))
    return gr.themes.Base(primary_hue="blue", neutral_hue="stone", font=sans, font_mono=mono).set(
        body_background_fill="#f4f2ee",
        body_background_fill_dark="#141517",
        body_text_color="#22252a",
        body_text_color_dark="#e7e4dd",
        body_text_color_subdued="#5c6068",
        body_text_color_subdued_dark="#a9a69f",
        background_fill_primary="#fffefb",
        background_fill_primary_dark="#1c1e21",
        background_fill_secondary="#f4f2ee",
        background_fill_secondary_dark="#141517",
        border_color_primary="#d9d5cc",
        border_color_primary_dark="#3a3d42",
        block_background_fill="#fffefb",
        block_background_fill_dark="#1c1e21",
        panel_background_fill="*background_fill_primary",
        panel_background_fill_dark="*background_fill_primary",
        input_border_width="1px",
        input_border_color="*border_color_primary",
        input_border_color_dark="*border_color_primary",
        input_background_fill="#ffffff",
        input_background_fill_dark="#23262a",
        input_placeholder_color="#6d7178",
        input_placeholder_color_dark="#9b9a95",
        button_border_width="0px",
        button_primary_background_fill="#243b53",
        button_primary_background_fill_hover="#334e68",
        button_primary_text_color="#ffffff",
        button_primary_background_fill_dark="#9cc3ea",
        button_primary_background_fill_hover_dark="#b9d6f2",
        button_primary_text_color_dark="#10202f",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
    )


def head() -> str:
    """Return what goes into the page's head: the icon and the script, both inline."""
    return f'<link rel="icon" href="{_ICON}"><script>{SCRIPT.read_text("utf-8")}</script>'

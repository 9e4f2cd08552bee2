"""The report: one self-contained HTML file from a result store and the catalogue.

- ``writing.write_report(store, path) -> None``
- ``assembly.compose(material, catalogue) -> page.Page``, the page data that other faces show too
- ``html.render_html(page) -> str``
"""

"""How Sphinx makes the site from README.md, the notebooks and the package: `make docs`."""
import json
import re
import shutil
from html import escape
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from docutils.nodes import SkipNode, math_block
from fastcore.docments import docments
from sphinx.errors import ExtensionError

import memshare
from memshare.slides import drawn_formula

project, author, release = 'memshare', 'The memshare authors', memshare.__version__
copyright = author
root_doc = 'README'
include_patterns = ['README.md', 'CHANGELOG.md', 'data/README.md', 'nbs/**.ipynb']
exclude_patterns = ['.*', 'build', 'results', 'nbs/index.ipynb', '**/.ipynb_checkpoints']
extensions = ['myst_nb', 'sphinx.ext.autodoc', 'sphinx.ext.viewcode']
html_theme, html_title, html_copy_source = 'furo', f'memshare {release}', False
html_math_renderer = 'drawn'  # no script is fetched from anywhere
html_static_path, html_css_files = ['static'], ['formulas.css']

nb_execution_mode = 'off'  # the outputs are those that the tests stored
nb_mime_priority_overrides = [('html', 'text/html', 0)]
myst_enable_extensions = ['dollarmath']
myst_heading_anchors = 3
autodoc_default_options = dict(members=True, undoc_members=True, member_order='bysource', show_inheritance=True)

CONTENTS = {'Learn': 'nbs/teach/**', 'Rooms': 'nbs/[0-9]*', 'Studies': 'nbs/experiments/*', 'Benchmarks': 'nbs/bench/*',
            'About': 'data/README\nCHANGELOG'}


def as_shown(cell):
    "A cell of a notebook without its directives, which say what to show of it."
    text = ''.join(cell['source'])
    kind = (re.match(r'#\| *(hide|echo: false|default_exp)', text) or ['', ''])[1]
    if kind == 'echo: false': cell['metadata'] = dict(tags=['remove-input'])
    for output in cell.get('outputs', []):  # a table may point to other notebooks
        data = output.get('data', {})
        if 'text/html' in data: data['text/html'] = re.sub(r'href="([^":]+)\.ipynb"', r'href="\1.html"', ''.join(data['text/html']))
    return None if kind in ('hide', 'default_exp') else dict(cell, source=re.sub(r'^#\|.*\n', '', text, flags=re.M))


def add_to_source(app, docname, source):
    "Under the README the contents of the site; under the notebook of a room what its module exports."
    if docname == root_doc:
        source[0] += ''.join(f'\n```{{toctree}}\n:caption: {title}\n:hidden:\n:glob:\n\n{pages}\n```\n' for title, pages in CONTENTS.items())
    if not source[0].startswith('{\n "cells"'): return  # this event also comes for parts of a notebook
    notebook = json.loads(source[0])
    notebook['cells'] = [c for c in map(as_shown, notebook['cells']) if c]
    if found := re.search(r'#\| default_exp ([\w.]+)', source[0]):
        module = import_module(f'memshare.{found[1]}')
        elsewhere = [n for n in module.__all__ if getattr(getattr(module, n), '__module__', module.__name__) != module.__name__]
        hidden = f'   :exclude-members: {", ".join(elsewhere)}\n' if elsewhere else ''  # they are on the page of their own room
        text = f'## Reference\n\n```{{eval-rst}}\n.. automodule:: memshare.{found[1]}\n{hidden}```\n'
        notebook['cells'].append(dict(cell_type='markdown', id='reference', metadata={}, source=text))
    source[0] = json.dumps(notebook)


def add_parameters(app, what, name, obj, options, lines):
    "The comments behind parameters, which is where this package describes them."
    if what not in ('class', 'function', 'method'): return
    for key, p in docments(obj, full=True).items():
        if key != 'self' and p.docment: lines += ['', f':{"returns" if key == "return" else f"param {key}"}: {p.docment}']


def visit_formula(writer, node):
    "A formula as a picture, or as it was typed."
    tex, alone = ' '.join(node.astext().split()), isinstance(node, math_block)
    try: html = drawn_formula(tex, alone)
    except ValueError: html = f'<code>{escape(tex)}</code>'
    writer.body.append(f'<p style="text-align:center">{html}</p>' if alone else html)
    raise SkipNode


class Page(HTMLParser):
    "What a page can be pointed at, and what it points to."
    def __init__(self, path):
        super().__init__()
        self.places, self.targets = set(), []
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == 'id': self.places.add(value)
            if name in ('href', 'src') and value: self.targets.append(value)


def broken_links(site):
    "Links and pictures of a site that lead nowhere in it, each with its page. Addresses elsewhere are not asked."
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob('*.html'))}
    for path, page in pages.items():
        for target in dict.fromkeys(page.targets):
            to = urlsplit(target)
            if to.scheme or to.netloc: continue
            file = (path.parent/unquote(to.path)).resolve() if to.path else path
            there = file.exists() and (not to.fragment or file not in pages or unquote(to.fragment) in pages[file].places)
            if not there: yield f'{path.relative_to(site.resolve())}: {target}'


def finish(app, exception):
    "A site begins with index.html, and nothing in it leads nowhere."
    if exception: return
    site = Path(app.outdir)
    shutil.copy(site/f'{root_doc}.html', site/'index.html')
    if broken := list(broken_links(site)): raise ExtensionError('broken links:\n  ' + '\n  '.join(broken))


def setup(app):
    app.connect('source-read', add_to_source)
    app.connect('autodoc-process-docstring', add_parameters)
    app.connect('build-finished', finish)
    app.add_html_math_renderer('drawn', (visit_formula, None), (visit_formula, None))

"""How Sphinx makes the site from README.md, the notebooks and the package: `make docs`."""
import json
import re
import shutil
from pathlib import Path

from fastcore.docments import docments

import memshare

project, author, release = 'memshare', 'The memshare authors', memshare.__version__
copyright = author
root_doc = 'README'
include_patterns = ['README.md', 'CHANGELOG.md', 'data/README.md', 'nbs/**.ipynb']
exclude_patterns = ['.*', 'build', 'results', 'nbs/index.ipynb', '**/.ipynb_checkpoints']
extensions = ['myst_nb', 'sphinx.ext.autodoc', 'sphinx.ext.viewcode']
html_theme, html_title, html_copy_source = 'furo', f'memshare {release}', False

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
    return None if kind in ('hide', 'default_exp') else dict(cell, source=re.sub(r'^#\|.*\n', '', text, flags=re.M))


def add_to_source(app, docname, source):
    "Under the README the contents of the site; under the notebook of a room what its module exports."
    if docname == root_doc:
        source[0] += ''.join(f'\n```{{toctree}}\n:caption: {title}\n:hidden:\n:glob:\n\n{pages}\n```\n' for title, pages in CONTENTS.items())
    if not source[0].startswith('{\n "cells"'): return  # this event also comes for parts of a notebook
    notebook = json.loads(source[0])
    notebook['cells'] = [c for c in map(as_shown, notebook['cells']) if c]
    if found := re.search(r'#\| default_exp ([\w.]+)', source[0]):
        text = f'## Reference\n\n```{{eval-rst}}\n.. automodule:: memshare.{found[1]}\n```\n'
        notebook['cells'].append(dict(cell_type='markdown', id='reference', metadata={}, source=text))
    source[0] = json.dumps(notebook)


def add_parameters(app, what, name, obj, options, lines):
    "The comments behind parameters, which is where this package describes them."
    if what not in ('class', 'function', 'method'): return
    for key, p in docments(obj, full=True).items():
        if key != 'self' and p.docment: lines += ['', f':{"returns" if key == "return" else f"param {key}"}: {p.docment}']


def add_front_page(app, exception):
    "A site begins with index.html."
    if not exception: shutil.copy(Path(app.outdir)/f'{root_doc}.html', Path(app.outdir)/'index.html')


def setup(app):
    app.connect('source-read', add_to_source)
    app.connect('autodoc-process-docstring', add_parameters)
    app.connect('build-finished', add_front_page)

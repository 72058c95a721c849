"""Links between files of the project, turned into links between pages of the site.

The same link works in JupyterLab, in a repository and here; three kinds need help:

- places in a page: JupyterLab names a heading ``#1.-First-Steps``, Sphinx ``#1-first-steps``;
- modules of `helpers`: their page in the reference, rather than a file to download;
- folders, which no page shows: their name without a link.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform


def slug(anchor):
    """Return an anchor as MyST makes it from a heading."""
    return re.sub(r"[^\w-]", "", anchor.lower())


class SiteLinks(SphinxTransform):
    """Rewrite the links of one page, before Sphinx resolves them."""

    default_priority = 500

    def apply(self):
        """Rewrite them in place."""
        for node in list(self.document.findall(nodes.reference)):
            if node.get("id_link"):
                node["refuri"] = "#" + slug(node["refuri"])
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("reftargetid"):
                node["reftargetid"] = slug(node["reftargetid"])
            elif node["reftype"] == "myst" and self.find(node).is_dir():
                node.replace_self(node.children)
        for node in list(self.document.findall(addnodes.download_reference)):
            path = self.find(node)
            if path.suffix == ".py" and path.is_relative_to(Path(self.env.srcdir, "helpers")):
                node.replace_self(self.to_module(node, path))

    def find(self, node):
        """Return the path of the file that a link leads to."""
        return Path(self.env.relfn2path(node["reftarget"], self.env.docname)[1]).resolve()

    def to_module(self, node, path):
        """Return a link to a module's part of the reference."""
        parts = path.relative_to(self.env.srcdir).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        return addnodes.pending_xref(
            "",
            *node.children,
            refdomain="py",
            reftype="mod",
            reftarget=module,
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )


def setup(app):
    """Add the transform to Sphinx."""
    app.add_transform(SiteLinks)
    return {"parallel_read_safe": True}

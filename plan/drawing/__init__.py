"""Plans drawn as datapaths: a layered picture in SVG, data flowing from top to bottom.

The layout follows Sugiyama, Tagawa and Toda (Methods for visual understanding of hierarchical system structures, 1981):
steps go into layers, values that skip layers get a place in each, crossings are reduced by barycentres, and
positions then draw connected boxes into line. A value is drawn as one net however many steps read it, as hardware
would carry it: so a register rank meets each value once, and the marks on a rank are its registers.
"""

from .draw import draw_plan

__all__ = ["draw_plan"]

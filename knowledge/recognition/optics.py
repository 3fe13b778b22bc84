"""How the print lies on a page: upside down, sideways, a little askew.

Lines are put in order on the straight page; boxes are shown on the page as it is displayed.
"""

import math
from dataclasses import dataclass

from knowledge.places import Box


@dataclass(frozen=True, slots=True)
class Stance:
    """A displayed page and what makes it straight: quarter-turns first, then the small angle."""

    width: float
    height: float
    """Of the page as it is displayed."""
    turns: int = 0
    """Quarter-turns counter-clockwise that set the print upright, 0 … 3."""
    skew: float = 0.0
    """Radians by which lines of the upright page fall to the right."""

    @property
    def upright(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    def straight(self, x: float, y: float) -> tuple[float, float]:
        """A point of the upright page, on the straight one."""
        return self._rotated(x, y, -self.skew)

    def shown(self, box: Box) -> Box:
        """A box of the straight page, on the page as it is displayed.

        It keeps its size: at the angles that paper lies askew that is nearer the letters than the
        box around the turned box.
        """
        x, y = self._rotated((box.left + box.right) / 2, (box.top + box.bottom) / 2, self.skew)
        wide, high = box.right - box.left, box.bottom - box.top
        if self.turns == 1:
            x, y, wide, high = self.width - y, x, high, wide
        elif self.turns == 2:
            x, y = self.width - x, self.height - y
        elif self.turns == 3:
            x, y, wide, high = y, self.height - x, high, wide
        return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)

    def _rotated(self, x: float, y: float, angle: float) -> tuple[float, float]:
        wide, high = self.upright
        x, y = x - wide / 2, y - high / 2
        sine, cosine = math.sin(angle), math.cos(angle)
        return x * cosine - y * sine + wide / 2, x * sine + y * cosine + high / 2

"""Make what the README shows from the program itself: `python -m tests.pictures` (`make pictures`)."""

from __future__ import annotations

from tests.pictures.night import FOLDER, PICTURES, draw
from tests.pictures.readme import README, filled
from tests.pictures.states import TEXTS, kept_texts


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        path = FOLDER / f"{name}.svg"
        path.write_text(draw(name), encoding="utf-8")
        print(path)
    TEXTS.write_text(kept_texts(), encoding="utf-8")
    print(TEXTS)
    README.write_text(filled(README.read_text("utf-8")), encoding="utf-8")
    print(README)


if __name__ == "__main__":
    main()

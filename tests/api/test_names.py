"""Names of shapes in the whole API."""

from quartermaster.api.app import api
from quartermaster.api.shapes import Sent, Shape


def test_no_two_shapes_have_one_name():
    """The document knows a shape by its name: of two with one name it would describe only the last."""

    def below(one: type) -> set[type]:
        return {each for child in one.__subclasses__() for each in (child, *below(child))}

    assert api.get_openapi_schema()["paths"]  # all of them are loaded
    names = [each.__name__ for each in below(Shape) | below(Sent) if "[" not in each.__name__]
    assert sorted(names) == sorted(set(names))

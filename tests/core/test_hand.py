"""What a worker had in hand when it died is found once, by whoever comes next."""

from pathlib import Path

from quartermaster.core.river.hand import Fallen, Hand, fallen


def test_what_a_living_worker_has_in_hand_is_nobody_elses(tmp_path: Path) -> None:
    hand = Hand(tmp_path)
    hand.hold("inbox.messages", [1, 2])
    assert list(fallen(tmp_path)) == []
    hand.close()
    assert list(tmp_path.iterdir()) == []


def _left_by_a_dead_worker(folder: Path, *held: tuple[str, list[int], int]) -> None:
    hand = Hand(folder)
    for queue, ids, deaths in held:
        hand.hold(queue, ids, deaths)
    (file,) = folder.iterdir()
    text = file.read_bytes()
    hand.close()
    (folder / "1-dead").write_bytes(text)


def test_what_a_dead_worker_had_in_hand_is_told_once(tmp_path: Path) -> None:
    _left_by_a_dead_worker(tmp_path, ("inbox.messages", [100, 101, 102], 0), ("orders.heal", [7], 1))
    assert list(fallen(tmp_path)) == [Fallen("orders.heal", (7,), 2)]
    assert list(fallen(tmp_path)) == []


def test_a_batch_counts_against_none_of_its_items(tmp_path: Path) -> None:
    _left_by_a_dead_worker(tmp_path, ("inbox.messages", [3, 4], 0))
    assert list(fallen(tmp_path)) == [Fallen("inbox.messages", (3, 4), 0)]


def test_a_file_without_sense_is_cleared_away(tmp_path: Path) -> None:
    for n, text in enumerate((b"", b"\n", b"half a li", b"queue x 1\n", "ü 1 1\n".encode("latin-1"))):
        (tmp_path / f"{n}-dead").write_bytes(text)
    assert [one for one in fallen(tmp_path) if one.queue != "\ufffd"] == []
    assert list(tmp_path.iterdir()) == []

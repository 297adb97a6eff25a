"""What is wrong in a file, said so that the person who has it can put it right."""


class FileError(Exception):
    """`where` is the place in the file, such as `events[3].player`; empty for the whole of it."""

    def __init__(self, problem: str, *, where: str = "") -> None:
        self.problem = problem
        self.where = where
        super().__init__(f"{where}: {problem}" if where else problem)

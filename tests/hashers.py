from accounts.hashers import PasswordHasher


class QuickHasher(PasswordHasher):
    """As in production, but for the work that makes guessing slow."""

    time_cost = 1
    memory_cost = 1024
    parallelism = 1


def quick_hash(password: str) -> str:
    """For modules, which are read before any test has its settings."""
    hasher = QuickHasher()
    return hasher.encode(password, hasher.salt())

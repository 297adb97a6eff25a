"""The feed: for each topic an ordered, gap-free, append-only list of what happened."""

from __future__ import annotations

from django.db import models


class FeedHead(models.Model):
    """Where a topic stands. Its row lock is what makes number order equal commit order."""

    topic = models.CharField(max_length=96, primary_key=True)
    epoch = models.CharField(max_length=32)
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["topic"]

    def __str__(self) -> str:
        return f"{self.topic} at {self.last_seq}"


class FeedEntry(models.Model):
    """One numbered entry. Viewers see `public_payload`; null hides it but keeps the number."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=96)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    public_payload = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["topic", "seq"]
        verbose_name_plural = "feed entries"
        constraints = [
            # Serves every read of the feed, too: entries of one topic after a cursor.
            models.UniqueConstraint(fields=["topic", "seq"], name="feed_entry_numbered_once"),
        ]
        indexes = [
            # prune_feed: entries older than a day.
            models.Index(fields=["created_at"], name="feed_entry_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.seq} {self.kind}"

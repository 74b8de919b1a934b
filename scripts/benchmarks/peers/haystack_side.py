"""Haystack over the plans: its defaults, or BM25 and embeddings joined. Runs in the peers' virtual environment."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import jieba
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter, RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from scripts.benchmarks.peers.side import TOP, Query, Text, serve
from scripts.benchmarks.peers.words import words_apart

CHUNK = 800
"""Characters: about what the model reads of Chinese at once. Of 250, 500 and 800, this gave Haystack most at @5."""
OVERLAP = 80
SIGNS = ["\n\n", "\n", "。", "；", "，"]
"""Where a chunk of Chinese may end, best first: the splitters' own defaults know blanks and full stops."""
PUBLISHED = "published"
"""The field that keeps a chunk's text as published where its words are set apart for BM25."""


class Haystack:
    """Haystack's default splitter, store and embedding retriever; e5's prompts are given."""

    label: ClassVar[list[str]] = []
    """Names of the metadata that are embedded with a chunk."""

    def __init__(self, model: str) -> None:
        self.store = self.make_store()
        self.splitter = self.make_splitter()
        self.documents = SentenceTransformersDocumentEmbedder(
            model=model,
            prefix="passage: ",
            progress_bar=False,
            local_files_only=True,
            meta_fields_to_embed=self.label,
        )
        self.documents.warm_up()
        self.queries = self.make_queries(
            SentenceTransformersTextEmbedder(model=model, prefix="query: ", progress_bar=False, local_files_only=True)
        )
        self.queries.warm_up()

    def make_store(self) -> InMemoryDocumentStore:
        """Return an empty store."""
        return InMemoryDocumentStore()

    def make_splitter(self) -> DocumentSplitter | RecursiveDocumentSplitter:
        """Return what cuts a plan into chunks: by blanks, of which Chinese has next to none."""
        return DocumentSplitter()

    def make_queries(self, embedder: SentenceTransformersTextEmbedder) -> Pipeline:
        """Return the pipeline from a query to documents."""
        pipeline = Pipeline()
        pipeline.add_component("embedder", embedder)
        pipeline.add_component("answer", InMemoryEmbeddingRetriever(self.store, top_k=TOP))
        pipeline.connect("embedder.embedding", "answer.query_embedding")
        return pipeline

    def ingest(self, texts: list[Text]) -> int:
        """Split, embed, write."""
        whole = [Document(content=one.text, meta={"title": one.title, "district": one.district}) for one in texts]
        chunks = self.splitter.run(documents=whole)["documents"]
        embedded = self.documents.run(documents=chunks)["documents"]
        return int(DocumentWriter(self.store).run(documents=self.for_store(embedded))["documents_written"])

    def for_store(self, documents: list[Document]) -> list[Document]:
        """Return embedded documents as they are stored."""
        return documents

    def inputs(self, query: str) -> dict[str, dict[str, str]]:
        """Return what each part of the pipeline is given for a query."""
        return {"embedder": {"text": query}}

    def answer(self, query: Query) -> list[str]:
        """Return the chunks found."""
        found = self.queries.run(self.inputs(query.in_one()))["answer"]["documents"]
        return [document.meta.get(PUBLISHED) or document.content for document in found]


class CutForChinese(Haystack):
    """Chunks end at Chinese signs and are labelled with their plan; the rest as it comes."""

    label: ClassVar[list[str]] = ["district"]

    def make_splitter(self) -> DocumentSplitter | RecursiveDocumentSplitter:
        """Return a splitter that knows Chinese signs."""
        return RecursiveDocumentSplitter(
            split_unit="char", split_length=CHUNK, split_overlap=OVERLAP, separators=list(SIGNS)
        )


class Hybrid(CutForChinese):
    """BM25 (Haystack's pattern takes Chinese by the character) and embeddings, joined by rank."""

    def make_queries(self, embedder: SentenceTransformersTextEmbedder) -> Pipeline:
        """Return a pipeline whose two retrievers are joined."""
        pipeline = Pipeline()
        pipeline.add_component("embedder", embedder)
        pipeline.add_component("by_meaning", InMemoryEmbeddingRetriever(self.store, top_k=TOP))
        pipeline.add_component("by_words", InMemoryBM25Retriever(self.store, top_k=TOP))
        pipeline.add_component("answer", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP))
        pipeline.connect("embedder.embedding", "by_meaning.query_embedding")
        pipeline.connect("by_meaning", "answer")
        pipeline.connect("by_words", "answer")
        return pipeline

    def inputs(self, query: str) -> dict[str, dict[str, str]]:
        """Return what each part of the pipeline is given for a query."""
        return {"embedder": {"text": query}, "by_words": {"query": query}}


class HybridWithJieba(Hybrid):
    """The same with jieba's words for BM25: the store takes a pattern only, so the words are set apart beforehand."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        jieba.initialize()

    def make_store(self) -> InMemoryDocumentStore:
        """Return a store to which what stands between blanks is a word."""
        return InMemoryDocumentStore(bm25_tokenization_regex=r"\S+")

    def for_store(self, documents: list[Document]) -> list[Document]:
        """Return the documents with their words apart; they have been embedded as published."""
        return [
            replace(one, content=words_apart(one.content or ""), meta={**one.meta, PUBLISHED: one.content})
            for one in documents
        ]

    def inputs(self, query: str) -> dict[str, dict[str, str]]:
        """Return the query for the embedder, and its words for BM25."""
        return {"embedder": {"text": query}, "by_words": {"query": words_apart(query)}}


KINDS = {"default": Haystack, "cut": CutForChinese, "hybrid": Hybrid, "jieba": HybridWithJieba}

if __name__ == "__main__":
    serve(KINDS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]))

"""LlamaIndex over the plans: its defaults, or BM25 and embeddings fused. Runs in the peers' virtual environment."""

from __future__ import annotations

import sys
from pathlib import Path

import bm25s
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import MetadataMode, QueryBundle, TextNode
from llama_index.core.vector_stores.utils import node_to_metadata_dict
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from scripts.benchmarks.peers.side import TOP, Query, Text, serve
from scripts.benchmarks.peers.words import words_apart

WORD = r"(?u)\b\w+\b"
"""A word where blanks stand between words; bm25s's own pattern drops words of one character."""


class LlamaIndex:
    """LlamaIndex's default splitter, vector index and retriever; e5's prompts are given."""

    def __init__(self, model: str) -> None:
        self.embedding = HuggingFaceEmbedding(
            model, query_instruction="query: ", text_instruction="passage: ", device="cpu", local_files_only=True
        )
        self.splitter = SentenceSplitter()
        self.retriever: BaseRetriever | None = None

    def ingest(self, texts: list[Text]) -> int:
        """Split, embed, index; a plan's metadata is embedded with each chunk, as is LlamaIndex's habit."""
        whole = [Document(text=one.text, metadata={"title": one.title, "district": one.district}) for one in texts]
        nodes = self.splitter.get_nodes_from_documents(whole)
        index = VectorStoreIndex(nodes, embed_model=self.embedding)
        self.retriever = self.make_retriever(index.as_retriever(similarity_top_k=TOP), nodes)
        return len(nodes)

    def make_retriever(self, by_meaning: BaseRetriever, nodes: list[TextNode]) -> BaseRetriever:  # noqa: ARG002 - hybrids use them
        """Return what finds nodes."""
        return by_meaning

    def bundle(self, query: str) -> QueryBundle:
        """Return a query as the retriever takes it."""
        return QueryBundle(query)

    def answer(self, query: Query) -> list[str]:
        """Return the chunks found."""
        if self.retriever is None:
            raise RuntimeError("a question before the plans")
        found = self.retriever.retrieve(self.bundle(query.in_one()))
        return [one.node.get_content(metadata_mode=MetadataMode.NONE) for one in found]


class Hybrid(LlamaIndex):
    """BM25 beside it, fused by rank; no language model asks further questions."""

    def make_retriever(self, by_meaning: BaseRetriever, nodes: list[TextNode]) -> BaseRetriever:
        """Return both retrievers, fused."""
        return QueryFusionRetriever(
            [by_meaning, self.by_words(nodes)],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=TOP,
            num_queries=1,
            use_async=False,
        )

    def by_words(self, nodes: list[TextNode]) -> BM25Retriever:
        """Return BM25 as it comes."""
        return BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=TOP)


class HybridWithJieba(Hybrid):
    """The same with jieba's words for BM25: it takes a pattern only, or an index that was made elsewhere."""

    def by_words(self, nodes: list[TextNode]) -> BM25Retriever:
        """Return BM25 over jieba's words of the same nodes."""
        texts = [words_apart(node.get_content(metadata_mode=MetadataMode.EMBED)) for node in nodes]
        index = bm25s.BM25(corpus=[node_to_metadata_dict(node) | {"node_id": node.node_id} for node in nodes])
        index.index(bm25s.tokenize(texts, token_pattern=WORD, stopwords=[], show_progress=False), show_progress=False)
        return BM25Retriever(existing_bm25=index, similarity_top_k=TOP, token_pattern=WORD, skip_stemming=True)

    def bundle(self, query: str) -> QueryBundle:
        """Return the query's words for BM25, the query itself for the embedding."""
        return QueryBundle(words_apart(query), custom_embedding_strs=[query])


KINDS = {"default": LlamaIndex, "hybrid": Hybrid, "jieba": HybridWithJieba}

if __name__ == "__main__":
    serve(KINDS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]))

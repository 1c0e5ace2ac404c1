"""Articles become stories: figures and sentences, word vectors, clustering, facts and relevance. All of it pure."""

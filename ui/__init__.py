"""The web app: chat beside the article."""

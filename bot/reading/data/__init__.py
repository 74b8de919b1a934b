"""Knowledge about how people ask, as data: cues, what plans do not hold, places, synonyms."""

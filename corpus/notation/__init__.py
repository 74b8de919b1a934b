"""How plans write marks, numbers and days: read out of any text, before it is known what the text is part of."""

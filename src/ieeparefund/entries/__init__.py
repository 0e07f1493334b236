"""What a filer knows: entry numbers, entries, lines, tariff rows and their code lists."""

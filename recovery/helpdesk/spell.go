// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strings"
)

// Spell returns what is said for each letter and digit of a code, in a language
// ("en", "pt_BR"), English where there is no alphabet for it. Blanks and hyphens are
// left out; so is what is neither a letter from A to Z nor a digit.
func Spell(code, lang string) []string {
	base, _, _ := strings.Cut(strings.ReplaceAll(lang, "-", "_"), "_")
	words, ok := alphabets[base]
	if !ok {
		words = alphabets["en"]
	}
	var all []string
	for _, r := range Letters(code) {
		if r >= '0' && r <= '9' {
			all = append(all, words.digits[r-'0'])
		} else {
			all = append(all, words.letters[r-'A'])
		}
	}
	return all
}

// Letters returns what is spelled of a code: its letters, in upper case, and digits.
func Letters(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, code)
}

// alphabet is what is said for the letters and digits of a language.
type alphabet struct {
	letters [26]string
	digits  [10]string
}

// alphabets are the usual ones of the telephone: for English that of ICAO (Annex 10,
// volume II, 5.2.1.3), for German the names of towns of DIN 5009 of 2022, for French
// and Spanish those of the telephone companies, for Portuguese that of Brazil. For
// Swahili there is no common one: they are everyday words.
var alphabets = map[string]alphabet{
	"en": {
		[26]string{
			"Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike",
			"November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu",
		},
		[10]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"},
	},
	"de": {
		[26]string{
			"Aachen", "Berlin", "Chemnitz", "Düsseldorf", "Essen", "Frankfurt", "Goslar", "Hamburg", "Ingelheim", "Jena", "Köln", "Leipzig", "München",
			"Nürnberg", "Offenbach", "Potsdam", "Quickborn", "Rostock", "Salzwedel", "Tübingen", "Unna", "Völklingen", "Wuppertal", "Xanten", "Ypsilon", "Zwickau",
		},
		[10]string{"null", "eins", "zwo", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"},
	},
	"fr": {
		[26]string{
			"Anatole", "Berthe", "Célestin", "Désiré", "Eugène", "François", "Gaston", "Henri", "Irma", "Joseph", "Kléber", "Louis", "Marcel",
			"Nicolas", "Oscar", "Pierre", "Quintal", "Raoul", "Suzanne", "Thérèse", "Ursule", "Victor", "William", "Xavier", "Yvonne", "Zoé",
		},
		[10]string{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"},
	},
	"es": {
		[26]string{
			"Antonio", "Barcelona", "Carmen", "Dolores", "Enrique", "Francia", "Gerona", "Historia", "Inés", "José", "Kilo", "Lorenzo", "Madrid",
			"Navarra", "Oviedo", "París", "Querido", "Ramón", "Sábado", "Toledo", "Ulises", "Valencia", "Washington", "Xilófono", "Yegua", "Zaragoza",
		},
		[10]string{"cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"},
	},
	"pt": {
		[26]string{
			"Amor", "Bandeira", "Cobra", "Dado", "Estrela", "Feira", "Goiaba", "Hotel", "Índio", "José", "Kiwi", "Lua", "Maria",
			"Navio", "Ouro", "Pipa", "Quilombo", "Rosa", "Sapo", "Tatu", "Uva", "Vitória", "Wilson", "Xadrez", "Yolanda", "Zebra",
		},
		[10]string{"zero", "um", "dois", "três", "quatro", "cinco", "meia", "sete", "oito", "nove"},
	},
	"sw": {
		[26]string{
			"Asali", "Baba", "Chai", "Dada", "Embe", "Farasi", "Gari", "Habari", "Imani", "Jambo", "Kahawa", "Limau", "Maji",
			"Nyumba", "Ofisi", "Pesa", "Quebec", "Rafiki", "Simba", "Tembo", "Uhuru", "Vitunguu", "Wiki", "X-ray", "Yai", "Zawadi",
		},
		[10]string{"sifuri", "moja", "mbili", "tatu", "nne", "tano", "sita", "saba", "nane", "tisa"},
	},
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPersonal(t *testing.T) {
	for _, text := range []string{
		"123:456", "123|456", "12;34;56", "1*2*3*4*5*6", "123 … 456", "12'34'56", "<123> [456]", "1̲2̲3̲4̲5̲6̲", "①②③④⑤⑥", "123\u00a0456", "１２３：４５６", "24 31, 5 6",
		"BCDFGHJK", "bcdfghjk", "BcdfGhjk", "BCDF GHJK", "BCDF-GHJK", "BCDF/GHJK", "B.C.D.F.G.H.J.K", "BC DF GH JK", "B C D F G H J K", "b-c-d-f-g-h-j-k", "BCDF—GHJK", "BCD - FGHJK", "“BCDFGHJK”", "(BCDFGHJK).",
		"AB2CD-EF3GH", "ab2cd-ef3gh", "AB2CD EF3GH", "ab2cd ef3gh", "AB2CDEF3GH", "ab2cdef3gh", "A B 2 C D E F 3 G H", "AB2CD_EF3GH", "A.B.2.C.D.E.F.3.G.H", "a-b-2-c-d-e-f-3-g-h", "ABCDE-EF3GH", "ABCDE-FGHJK", "l0ilo-oi01l", "AB2CD–EF3GH",
		"ana@example.com", "ana＠example.com",
	} {
		for _, around := range []string{"%s", "They said %s to me", "It was %s, they said", "Code: %s."} {
			if text := strings.Replace(around, "%s", text, 1); !personal(text) {
				t.Errorf("%q is taken", text)
			}
		}
	}
}

// ordinary are reasons as agents write them.
var ordinary = map[string][]string{
	"en": {
		"The phone fell into the lake, and the backup codes were in the bag.", "Called back twice; the manager vouches, 2 checks.", "The 2nd time this week; the 2FA code is refused.",
		"Waited 15min, then tried again 5 times.", "about 10min late", "Moved from an iPhone 13 to a Pixel 8 Pro.", "Ticket INFRA-12345 has the story.", "Windows 11 laptop, no TV, no SMS.",
		"Lost on a night train; strengths and lengths do not matter.", "PC, SMS and PDF are all out of reach.", "A black-white photo ID, seen live.", "Room 12, floor 3, house 45",
	},
	"de": {
		"Nach dem Unterrichtsschluss war das Telefon weg.", "Angstschweiß, aber kein Druck von außen.", "Zwischen Weihnachtsschmuck und Geschenken verlegt.", "Kein PC, keine SMS, d. h. kein Code z. B. vom Handy.",
		"Seit 2 Tagen ohne Telefon, die 10 Backup-Codes sind zu Hause.", "Rechtsschreiben liegt vor, GmbH & Co. KG", "Der Gesichtsschutz war im Weg, der Rest stimmte.",
	},
	"es": {
		"El teléfono se cayó al agua hace 2 días.", "No hay códigos de respaldo: los dejó en casa.", "Un PC con Windows 11, sin SMS ni TV.", "La 2.ª vez esta semana; vimos el DNI en video.",
	},
	"fr": {
		"Le téléphone est tombé à l’eau il y a 2 jours.", "Pas de code de secours : ils sont restés chez elle.", "Un PC sous Windows 11, pas de SMS, svp rappeler.", "C’est la 2e fois cette semaine, vers 10h30.",
	},
	"pt_BR": {
		"O celular caiu na água há 2 dias.", "Sem códigos de backup: ficaram em casa.", "Um PC com Windows 11, sem SMS.", "É a 2ª vez nesta semana; vimos o RG por vídeo.",
	},
	"sw": {
		"Simu ilianguka majini siku 2 zilizopita.", "Hana misimbo mbadala: iko nyumbani.", "Kompyuta ya Windows 11, bila SMS.", "Ni mara ya 2 wiki hii; nilimwona kwa video.",
	},
}

func TestOrdinaryReasons(t *testing.T) {
	for lang, all := range ordinary {
		for _, text := range all {
			if err := Written(text); err != nil {
				t.Errorf("%s: %q: %v", lang, text, err)
			}
		}
	}
}

// No sentence of the app itself, in any language, is taken for a code.
func TestNoSentenceIsACode(t *testing.T) {
	files, err := filepath.Glob("../../assets/words/*.json")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		if filepath.Base(file) == "names.json" { // of the languages
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sentences := map[string]any{}
		if err := json.Unmarshal(b, &sentences); err != nil || len(sentences) < 1000 {
			t.Fatalf("%s: %d sentences, %v", file, len(sentences), err)
		}
		for english, said := range sentences {
			text, _ := said.(string)
			for _, s := range []string{english, text} {
				for line := range strings.Lines(s) {
					if coded(line) {
						t.Errorf("%s: %q", filepath.Base(file), line)
					}
				}
			}
		}
	}
}

// A code is of what the service makes it of.
func TestLettersOfCodes(t *testing.T) {
	for file, want := range map[string]string{
		"bypass.go": `bypassLetters = "` + bypassLetters + `"`,
		"backup.go": `crockford = "0123456789` + strings.NewReplacer("I", "", "L", "", "O", "").Replace(strings.TrimRight(backupLetters, "0123456789")) + `"`,
	} {
		if got := source(t, "../../server/otp/"+file); !strings.Contains(got, want) {
			t.Errorf("%s does not say %s", file, want)
		}
	}
}

func FuzzPersonal(f *testing.F) {
	f.Add("call +49 151 234", "123456", ":|")
	f.Add("Unterrichtsschluss, ", "BCDFGHJK", "- ")
	f.Add("It was “", "ab2cdef3gh", "- ")
	f.Fuzz(func(t *testing.T, around, code, between string) {
		var with []string
		switch {
		case len(code) >= 6 && len(code) <= 50 && strings.Trim(code, "0123456789") == "":
			with = []string{code, strings.Join(strings.Split(code, ""), " ")}
			if utf8.ValidString(between) && len(between) < 10 && !strings.ContainsFunc(between, unicode.IsLetter) {
				with = append(with, strings.Join(strings.Split(code, ""), between))
			}
		case len(code) == 8 && strings.Trim(strings.ToUpper(code), bypassLetters) == "":
			with = []string{code, code[:4] + "-" + code[4:], strings.Join(strings.Split(code, ""), " ")}
		case len(code) == 10 && strings.Trim(strings.ToUpper(code), backupLetters) == "" && strings.ContainsAny(code[:5], "0123456789") && strings.ContainsFunc(code[:5], unicode.IsLetter):
			with = []string{code, code[:5] + "-" + code[5:], strings.Join(strings.Split(code, ""), " ")}
		}
		for _, code := range with {
			for _, text := range []string{around + "; " + code, code + "; " + around, code} {
				if _, err := reason(text, 1, 1000); err == nil {
					t.Errorf("%q is taken", text)
				}
			}
		}
		if digits := strings.Trim(code, "0123456789") == "" && len(code) >= 6; digits && !personal(around+code+around) {
			t.Errorf("%q is taken between %q", code, around)
		}
		if _, err := reason(around, 1, 1000); err != nil && !errors.Is(err, ErrReason) && !errors.Is(err, ErrPersonal) {
			t.Errorf("%q: %v", around, err)
		}
	})
}

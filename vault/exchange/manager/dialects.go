// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// What a column is called where it has its usual name.
var (
	usualTitle     = []string{"title", "name", "itemname", "item", "service", "issuer", "account", "displayname"}
	usualUser      = []string{"username", "loginusername", "login", "user", "loginname", "email", "accountname"}
	usualFolder    = []string{"group", "folder", "grouping", "category", "collection"}
	usualTags      = []string{"tags", "labels"}
	usualFavourite = []string{"favorite", "favourite", "fav"}
	usualCode      = []string{
		"totp", "otp", "otpauth", "otpauthurl", "otpauthuri", "otpurl", "otpuri", "otpsecret", "totpsecret", "totpuri", "totpurl", "totpkey",
		"logintotp", "onetimepassword", "onetimecode", "twofactor", "twofactorsecret", "2fa", "2fasecret", "mfa", "authenticator", "authenticatorkey",
	}
)

// tables are the CSV exports. The last is whatever has a column for codes.
//
// Their columns are known from the importers of bitwarden/clients,
// ProtonMail/WebClients and Keeper Commander.
var tables = []foreign.Reader{
	table{dialect{
		format: bitwarden{}.Format(), sure: foreign.Sure,
		marks: []string{"type", "name", "loginuri", "logintotp"},
		title: []string{"name"}, user: []string{"loginusername"}, code: []string{"logintotp"},
		folder: []string{"folder"}, tags: []string{"collections"}, favourite: []string{"favorite"},
	}},
	table{dialect{
		format: foreign.Format{ID: "keepassxc", App: "KeePassXC"}, sure: foreign.Sure,
		marks: []string{"group", "title", "username", "password", "url", "notes", "totp"},
		title: []string{"title"}, user: []string{"username"}, code: []string{"totp"}, folder: []string{"group"}, rooted: true,
	}},
	table{dialect{
		format: foreign.Format{ID: "lastpass-vault", App: "LastPass"}, sure: foreign.Sure,
		marks: []string{"url", "username", "extra", "grouping", "fav"},
		title: []string{"name"}, user: []string{"username"}, code: []string{"totp"}, folder: []string{"grouping"}, favourite: []string{"fav"},
	}},
	table{dialect{
		format: onePassword{}.Format(), sure: foreign.Sure,
		marks: []string{"title", "username", "otpauth", "favorite", "archived"},
		title: []string{"title"}, user: []string{"username"}, code: []string{"otpauth"}, tags: []string{"tags"}, favourite: []string{"favorite"},
	}},
	table{dialect{
		format: protonPass{}.Format(), sure: foreign.Sure,
		marks: []string{"type", "name", "username", "totp", "vault"},
		title: []string{"name"}, user: []string{"username", "email"}, code: []string{"totp"},
	}},
	table{dialect{
		format: foreign.Format{ID: "apple-passwords", App: "Apple Passwords"}, sure: foreign.Sure,
		marks: []string{"title", "url", "username", "password", "otpauth"},
		title: []string{"title"}, user: []string{"username"}, code: []string{"otpauth"},
	}},
	table{dialect{
		format: foreign.Format{ID: "dashlane", App: "Dashlane"}, sure: foreign.Sure,
		marks: []string{"username", "username2", "username3", "title"},
		title: []string{"title"}, user: []string{"username", "username2", "username3"}, folder: []string{"category"},
		code: []string{"otpurl", "otpsecret"},
	}},
	table{dialect{
		format: foreign.Format{ID: "nordpass", App: "NordPass"}, sure: foreign.Sure,
		marks: []string{"name", "username", "cardholdername", "cardnumber", "folder"},
		title: []string{"name"}, user: []string{"username", "email"}, folder: []string{"folder"}, code: []string{"totp", "otp", "otpauth"},
	}},
	table{dialect{
		format: foreign.Format{ID: "roboform", App: "RoboForm"}, sure: foreign.Sure,
		marks: []string{"name", "login", "pwd", "rffieldsv2"},
		title: []string{"name"}, user: []string{"login"}, folder: []string{"folder"}, extra: roboFormCodes,
	}},
	table{dialect{
		format: foreign.Format{ID: "csv", App: "CSV"}, sure: foreign.Maybe,
		title: usualTitle, user: usualUser, folder: usualFolder, tags: usualTags, favourite: usualFavourite, code: usualCode,
	}},
}

// roboFormCodes finds the keys among a form's fields, of which each stands in a
// column of its own after the last that has a name, as "TOTP KEY$,,,txt,KEY".
func roboFormCodes(row []string) (codes []string) {
	for _, cell := range row {
		if rest, ok := strings.CutPrefix(cell, "TOTP KEY$,"); ok {
			codes = append(codes, strings.Clone(rest[strings.LastIndexByte(rest, ',')+1:]))
		}
	}
	return codes
}

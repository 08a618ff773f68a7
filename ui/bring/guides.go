// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import "github.com/kutano/authenticator/assets/words"

// Guide says how to get accounts out of one app.
type Guide struct {
	App   string // its own name, the same in all languages
	Lines []string
}

// GuidesOf returns the guides, those that people ask for most first. They name the
// menus of 2026.
func GuidesOf() []Guide {
	return []Guide{
		{"Google Authenticator", []string{
			words.T("Menu ☰ or ⋮, “Transfer accounts”, “Export accounts”. It shows QR codes: take a picture of each."),
		}},
		{"Aegis", []string{
			words.T("⋮, “Settings”, “Import & Export”, “Export”, format “Aegis (.JSON)”. Leave “Encrypt the vault” on: its password opens the file here."),
		}},
		{"2FAS", []string{
			words.T("“Settings”, “2FAS Backup”, “Export” or “Export to file”. A password may be set; the file ends in .2fas."),
		}},
		{"Bitwarden", []string{
			words.T("“Tools” or “Settings”, “Export vault”, format “.json (Encrypted)”, and there “Password protected”. A file that is “Account restricted” opens only in Bitwarden."),
			words.T("Bitwarden Authenticator: “Settings”, “Export”, format .json."),
		}},
		{"Ente Auth", []string{
			words.T("“Settings”, “Data”, “Export codes”, encrypted or as plain text."),
		}},
		{"Stratum (Authenticator Pro)", []string{
			words.T("In the main menu “Back up”, then “Back up to encrypted file”."),
		}},
		{"andOTP", []string{
			words.T("⋮, “Backup”, then the backup that is encrypted with a password. The plain one is read, too; the one with OpenPGP is not."),
		}},
		{"FreeOTP, FreeOTP+", []string{
			words.T("FreeOTP: ⋮, “Backup”; the file is called externalBackup.xml."),
			words.T("FreeOTP+: ⋮, “Export”, “Export JSON format”."),
		}},
		{"LastPass Authenticator", []string{
			words.T("“Settings”, “Transfer accounts”, “Export accounts to file”."),
		}},
		{"Proton", []string{
			words.T("Proton Authenticator: “Settings”, “Export”."),
			words.T("Proton Pass: “Settings”, “Export” on a computer, without PGP encryption."),
		}},
		{"Raivo", []string{
			words.T("“Settings”, “Export OTPs to ZIP archive”. The archive opens with Raivo’s own password."),
		}},
		{"KeePass, KeePassXC", []string{
			words.T("Choose the database itself, which ends in .kdbx, or in KeePassXC “Database”, “Export”, CSV or XML."),
		}},
		{"1Password", []string{
			words.T("On a computer: “File”, or ⋯ above the sidebar, “Export”, your account, format 1PUX. The file is not encrypted."),
		}},
		{"TOTP Authenticator, Authenticator Plus, WinAuth", []string{
			words.T("Each has an export or a backup among its settings; the file is read as it is, with its password."),
		}},
		{"Steam", []string{
			words.T("The Steam app gives nothing away. A maFile of Steam Desktop Authenticator or of WinAuth is read."),
		}},
	}
}

// withoutFile are the steps for those whose app gives nothing away.
func withoutFile() []string {
	return []string{
		words.T("Keep the old app. Do not delete anything in it yet, and do not switch two-factor sign-in off anywhere in advance."),
		words.T("Take one service, and sign in there with the old app’s code. Have its backup codes at hand, if there are any."),
		words.T("In its security settings, add another authenticator app or set two-factor sign-in up again. It shows a new QR code."),
		words.T("Scan that code here, and type the code from here at the service."),
		words.T("Once the service has accepted it, remove the account from the old app. Then take the next service."),
		words.T("Delete the old app only when it is empty."),
	}
}

// atKutano are the steps for Kutano itself.
func atKutano() []string {
	return []string{
		words.T("Sign in to Kutano, with the old app’s code if you are asked for one."),
		words.T("Go to User Settings, Security, and press the edit icon next to Two-factor authentication."),
		words.T("Press “Use authentication app”, then “Continue”. Kutano shows a new QR code."),
		words.T("Scan it here, press “Continue” there, type the code from here and press “Verify”."),
		words.T("Save the new backup codes. From now on use the codes from here for Kutano."),
	}
}

// fromGoogle are the steps for a move from Google Authenticator.
func fromGoogle() []string {
	return []string{
		words.T("Open Google Authenticator on the phone, then the menu ☰ or ⋮, “Transfer accounts”, “Export accounts”."),
		words.T("Choose the accounts and go on. A QR code appears; from about ten accounts on there are several, one after another."),
		words.T("Take a picture of each and bring it to this computer. On an iPhone a screenshot works; where the phone forbids it, photograph it with another device."),
		words.T("Open the pictures here, all at once from a folder, or drop them onto this window. If a picture is on the screen, scan the screen."),
		words.T("At the end the phone asks whether to remove the accounts there. Keep them, until the codes from here were accepted."),
	}
}

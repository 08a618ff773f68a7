// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import "strings"

// splitLabel returns issuer and account of a label. raw is the label as it
// stands in the URI, label the same decoded, issuer the issuer parameter, which
// wins over the label's prefix.
func splitLabel(raw, label, issuer string) (iss, account string) {
	label = strings.TrimSpace(label)
	if rest, ok := cutIssuer(label, issuer); ok {
		return issuer, rest
	}
	if rest, ok := strings.CutPrefix(label, ":"); ok {
		return issuer, strings.TrimSpace(rest)
	}
	prefix, rest, ok := cutLabel(raw, label)
	if !ok || !names(prefix, rest) {
		return issuer, label
	}
	if issuer == "" {
		return prefix, rest
	}
	if strings.Contains(rest, ":") {
		return issuer, label // more than one colon, and none of them follows the issuer
	}
	return issuer, rest
}

// cutIssuer takes the issuer and a colon off the label, in any case, and whether
// blanks are written as such or as '+'.
func cutIssuer(label, issuer string) (string, bool) {
	if issuer == "" || len(label) < len(issuer) {
		return "", false
	}
	prefix, rest := label[:len(issuer)], strings.TrimSpace(label[len(issuer):])
	if !strings.HasPrefix(rest, ":") {
		return "", false
	}
	if strings.EqualFold(prefix, issuer) || strings.EqualFold(strings.ReplaceAll(prefix, "+", " "), issuer) {
		return strings.TrimSpace(rest[1:]), true
	}
	return "", false
}

// cutLabel cuts at the colon that separates issuer and account: the first
// one that is written as such, else the first that is percent-encoded.
func cutLabel(raw, label string) (prefix, rest string, ok bool) {
	if before, after, found := strings.Cut(raw, ":"); found {
		p, err1 := decode("label", before)
		r, err2 := decode("label", after)
		if err1 == nil && err2 == nil {
			return strings.TrimSpace(p), strings.TrimSpace(r), true
		}
	}
	prefix, rest, ok = strings.Cut(label, ":")
	return strings.TrimSpace(prefix), strings.TrimSpace(rest), ok
}

// names reports whether a label's prefix is likely to be an issuer. It is not
// in "alice@example.com:work", "https://example.com" and "db.example.com:8443".
func names(prefix, rest string) bool {
	return prefix != "" && !strings.Contains(prefix, "@") && !strings.HasPrefix(rest, "//") &&
		!(strings.Contains(prefix, ".") && port(rest))
}

func port(s string) bool {
	return len(s) >= 1 && len(s) <= 5 && strings.Trim(s, "0123456789") == ""
}

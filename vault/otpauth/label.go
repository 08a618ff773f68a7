// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import "strings"

// splitLabel returns issuer and account of a decoded label. colon is where the
// colon stands that separates them, or -1. issuer is what is said apart from the
// label, and wins over the label's prefix.
func splitLabel(label string, colon int, issuer string) (iss, account string) {
	whole := strings.TrimSpace(label)
	if rest, ok := cutIssuer(whole, issuer); ok {
		return issuer, rest
	}
	if rest, ok := strings.CutPrefix(whole, ":"); ok {
		return issuer, strings.TrimSpace(rest)
	}
	if colon < 0 {
		return issuer, whole
	}
	prefix, rest := strings.TrimSpace(label[:colon]), strings.TrimSpace(label[colon+1:])
	switch {
	case !names(prefix, rest):
		return issuer, whole
	case issuer == "":
		return prefix, rest
	case strings.Contains(rest, ":"): // more than one colon, and none of them follows the issuer
		return issuer, whole
	}
	return issuer, rest
}

// SplitLabel returns issuer and account of a label as apps keep it, "issuer:account" or
// only one of them. An issuer that is said apart from it wins over the label's prefix.
func SplitLabel(label, issuer string) (iss, account string) {
	return splitLabel(label, strings.IndexByte(label, ':'), strings.TrimSpace(issuer))
}

// findColon returns where the colon that separates issuer and account stands in
// the decoded label: the first one that is written as such, else the first that was
// percent-encoded, else -1.
func findColon(raw, label string) int {
	i := strings.IndexByte(raw, ':')
	if i < 0 {
		return strings.IndexByte(label, ':')
	}
	return i - len("41")*strings.Count(raw[:i], "%")
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

// names reports whether a label's prefix is likely to be an issuer. It is not
// in "alice@example.com:work", "https://example.com" and "db.example.com:8443".
func names(prefix, rest string) bool {
	return prefix != "" && !strings.Contains(prefix, "@") && !strings.HasPrefix(rest, "//") &&
		!(strings.Contains(prefix, ".") && port(rest))
}

func port(s string) bool {
	return len(s) >= 1 && len(s) <= 5 && strings.Trim(s, "0123456789") == ""
}

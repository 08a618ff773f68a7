// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// address reads "host", "host:port" or an https URL.
func address(host string) (*url.URL, error) {
	if !strings.Contains(host, "://") {
		if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
			host = "[" + host + "]"
		}
		host = "https://" + host + "/"
	}
	u, err := parse(host)
	if err != nil || u.Scheme != "https" {
		return nil, fmt.Errorf("%w: %q", ErrAddress, host)
	}
	return u, nil
}

// serviceAddress adds the path to a service's address.
func serviceAddress(base string) (*url.URL, error) {
	u, err := parse(base)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("%w: %q", ErrAddress, base)
	}
	u.RawQuery = ""
	return u.JoinPath("v1", "time"), nil
}

func parse(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, " \t") {
		return nil, ErrAddress
	}
	u.Fragment = ""
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// The years that a reply may tell.
const (
	firstYear = 1970
	endYear   = 2200
)

// parseDate reads a Date header. Of the forms of RFC 9110, section 5.6.7, it
// takes the only one that is still made: the others leave out the century.
func parseDate(text string) (time.Time, error) {
	t, err := time.Parse(http.TimeFormat, text)
	if err != nil || t.Format(http.TimeFormat) != text || t.Year() < firstYear || t.Year() >= endYear {
		return time.Time{}, fmt.Errorf("%w: date %.40q", ErrNotTime, text)
	}
	return t.UTC(), nil
}

// maxBody is far more than a service's answer is.
const maxBody = 4096

// parseUnix reads what a service answers: {"unix_ms": 1790000000123}.
func parseUnix(body []byte) (time.Time, error) {
	var v struct {
		UnixMS *int64 `json:"unix_ms"`
	}
	if len(body) > maxBody {
		return time.Time{}, fmt.Errorf("%w: it is too long", ErrNotTime)
	}
	if err := json.Unmarshal(body, &v); err != nil || v.UnixMS == nil {
		return time.Time{}, fmt.Errorf("%w: no unix_ms", ErrNotTime)
	}
	t := time.UnixMilli(*v.UnixMS).UTC()
	if t.Year() < firstYear || t.Year() >= endYear {
		return time.Time{}, fmt.Errorf("%w: unix_ms %d", ErrNotTime, *v.UnixMS)
	}
	return t, nil
}

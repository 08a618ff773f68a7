// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/kutano/authenticator/server/refusal"
)

// The metrics are in the default set of github.com/VictoriaMetrics/metrics. No
// label holds a value that a client chose: their number stays bounded.

func requests(method, route string, status int, took time.Duration) {
	labels := `{method="` + method + `",route="` + route + `"`
	metrics.GetOrCreateCounter(`kutano_http_requests_total` + labels + `,status="` + strconv.Itoa(status/100) + `xx"}`).Inc()
	metrics.GetOrCreateHistogram(`kutano_http_request_seconds` + labels + `}`).Update(took.Seconds())
}

func faults(kind string) {
	metrics.GetOrCreateCounter(`kutano_faults_total{kind="` + kind + `"}`).Inc()
}

// CountSignIn counts a first factor that was tried; via is email, google or apple.
func CountSignIn(via string, err error) {
	metrics.GetOrCreateCounter(`kutano_first_factors_total{via="` + known(via, "email", "google", "apple") + `",outcome="` + Outcome(err) + `"}`).Inc()
}

// CountVerification counts a second factor, or an enrolment's code, that was
// tried; method is totp, sms, backup, bypass, resync or enrolment.
func CountVerification(method string, err error) {
	metrics.GetOrCreateCounter(`kutano_second_factors_total{method="` + known(method, "totp", "sms", "backup", "bypass", "resync", "enrolment") +
		`",outcome="` + Outcome(err) + `"}`).Inc()
}

// Outcome is an error as a label: accepted, the kind of a refusal, or fault.
func Outcome(err error) string {
	if err == nil {
		return "accepted"
	}
	if e := refusal.Of(err); e != nil {
		return string(e.Kind)
	}
	if status, kind := Fault(err); status < 500 {
		return kind
	}
	return "fault"
}

// known is a label's value if it is one of those that are known.
func known(value string, all ...string) string {
	for _, k := range all {
		if value == k {
			return value
		}
	}
	return "other"
}

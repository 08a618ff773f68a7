// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// How much of an answer is taken.
const (
	mostBody    = 64 << 10
	mostHeaders = 64 << 10
)

// userAgent is the same from everybody: neither version nor system is told.
const userAgent = "Kutano-Authenticator"

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

// request is one question to a service.
type request struct {
	method, url string
	kind        string // of the body
	body        []byte // cleared when it was sent
	bearer      []byte // an access permission; nil for none
}

// answer is what came back: a JSON object of some status.
type answer struct {
	status  int
	body    []byte
	wait    time.Duration // Retry-After
	offset  time.Duration // the service's clock less this device's, to about a second
	problem bool          // application/problem+json
}

func (c *Client) transport() http.RoundTripper {
	c.once.Do(func() {
		c.wire = &http.Transport{
			Proxy: proxyFor,
			TLSClientConfig: &tls.Config{
				RootCAs: c.Roots, MinVersion: tls.VersionTLS12, Time: c.Clock.Now,
			},
			TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1 will do
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        time.Minute,
			DisableCompression:     true,
			MaxResponseHeaderBytes: mostHeaders,
		}
		if c.Via != nil {
			c.wire = c.Via(c.wire)
		}
	})
	return c.wire
}

// proxyFor takes the system's proxy for secure connections only, through which it
// sees nothing but the host's name.
func proxyFor(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "https" {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// ask makes one request, and follows no redirection. The answer is a JSON object of
// any status; what else comes is an error.
func (c *Client) ask(ctx context.Context, q request) (answer, error) {
	defer clear(q.body)
	limited, cancel := context.WithTimeout(ctx, link.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(limited, q.method, q.url, bytes.NewReader(q.body))
	if err != nil {
		return answer{}, fmt.Errorf("%w: %.80q", link.ErrAddress, q.url)
	}
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Accept", jsonType)
	if q.kind != "" {
		r.Header.Set("Content-Type", q.kind)
	}
	if len(q.bearer) > 0 {
		r.Header.Set("Authorization", "Bearer "+string(q.bearer))
	}
	sent := c.Clock.Now()
	resp, err := c.transport().RoundTrip(r)
	if err != nil {
		return answer{}, noAnswer(ctx, err)
	}
	defer resp.Body.Close()
	return c.read(ctx, resp, sent)
}

func (c *Client) read(ctx context.Context, resp *http.Response, sent time.Time) (answer, error) {
	a := answer{status: resp.StatusCode, wait: retryAfter(resp.Header.Get("Retry-After"))}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		a.offset = offsetOf(at, sent, c.Clock.Now())
	}
	if a.status == http.StatusNoContent {
		return a, nil
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	a.problem = kind == "application/problem+json"
	switch {
	case err == nil && (kind == jsonType || a.problem):
	case a.status >= 500:
		return a, fmt.Errorf("%w: status %d", link.ErrUnreachable, a.status)
	default: // a page: somebody else's, or a network's that wants a sign-in
		return a, fmt.Errorf("%w: status %d", link.ErrNotService, a.status)
	}
	if a.body, err = io.ReadAll(io.LimitReader(resp.Body, mostBody+1)); err != nil {
		return a, noAnswer(ctx, err)
	}
	if len(a.body) > mostBody {
		return a, fmt.Errorf("%w: it is too long", link.ErrStrange)
	}
	return a, nil
}

// offsetOf is how far the service's clock is ahead of the device's. A Date header
// tells whole seconds, so that within one it says nothing.
func offsetOf(at, sent, came time.Time) time.Duration {
	switch {
	case at.After(came):
		return at.Sub(came)
	case at.Add(time.Second).Before(sent):
		return at.Add(time.Second).Sub(sent)
	}
	return 0
}

// noAnswer says why there is none. Who gave up hears only that.
func noAnswer(ctx context.Context, err error) error {
	var invalid *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	switch {
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("ask the service: %w", ctx.Err())
	case errors.As(err, &invalid), errors.As(err, &plain), errors.As(err, &alert), errors.As(err, &authority):
		return fmt.Errorf("%w: %w", link.ErrTLS, err)
	}
	return fmt.Errorf("%w: %w", link.ErrUnreachable, err)
}

// mostWait is the longest wait that a service can ask for.
const mostWait = 24 * time.Hour

// retryAfter reads the seconds of RFC 9110, 10.2.3; 0 for anything else.
func retryAfter(text string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil {
		return 0
	}
	return min(time.Duration(n)*time.Second, mostWait)
}

// form asks an endpoint of OAuth.
func (c *Client) form(ctx context.Context, url string, v url.Values) (answer, error) {
	return c.ask(ctx, request{method: http.MethodPost, url: url, kind: formType, body: []byte(v.Encode())})
}

func (c *Client) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// session asks one server, over one connection as long as that lasts.
type session struct {
	*Asker
	url       *url.URL
	method    string
	transport *http.Transport
}

func (a *Asker) open(u *url.URL) *session {
	return &session{Asker: a, url: u, method: http.MethodHead, transport: &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if r.URL.Scheme != "https" {
				return nil, nil
			}
			return http.ProxyFromEnvironment(r)
		},
		TLSClientConfig: &tls.Config{
			RootCAs:    a.Roots,
			MinVersion: tls.VersionTLS12,
			Time:       func() time.Time { return a.read().Wall },
		},
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1 will do
		MaxIdleConnsPerHost:    1,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
	}}
}

func (s *session) close() { s.transport.CloseIdleConnections() }

// date asks for a Date header. Where the server does not take HEAD, it asks with
// GET from then on and leaves the page unread.
func (s *session) date(ctx context.Context) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, resp, err := s.ask(ctx, nil)
	if s.method == http.MethodHead && ctx.Err() == nil && refusesHead(resp, err) {
		s.method = http.MethodGet
		r, resp, err = s.ask(ctx, nil)
	}
	if err != nil {
		return r, err
	}
	r.time, err = parseDate(resp.Header.Get("Date"))
	return r, err
}

func refusesHead(resp *http.Response, err error) bool {
	if err != nil {
		return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	}
	return resp.StatusCode == http.StatusMethodNotAllowed || resp.StatusCode == http.StatusNotImplemented || resp.Header.Get("Date") == ""
}

// unix asks a service. The time in the body was written before the header came.
func (s *session) unix(ctx context.Context) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s.method = http.MethodGet
	var body []byte
	r, resp, err := s.ask(ctx, &body)
	if err != nil {
		return r, err
	}
	if resp.StatusCode != http.StatusOK {
		return r, fmt.Errorf("%w: status %d", ErrNotTime, resp.StatusCode)
	}
	r.time, err = parseUnix(body)
	return r, err
}

// ask makes one request, and no other if the reply sends elsewhere. What it
// returns has no time yet. Without a body to fill it leaves that unread.
func (s *session) ask(ctx context.Context, body *[]byte) (reply, *http.Response, error) {
	var r reply
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { r.sent = s.read() }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), s.method, s.url.String(), http.NoBody)
	if err != nil {
		return r, nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	req.Header.Set("User-Agent", "") // none: which program asks is nobody's business
	req.Header.Set("Cache-Control", "no-cache")
	resp, err := s.transport.RoundTrip(req)
	r.came = s.read()
	if err != nil {
		return r, nil, s.explain(err)
	}
	defer resp.Body.Close()
	if err := judge(resp); err != nil {
		return r, nil, err
	}
	if body == nil {
		return r, resp, nil
	}
	if *body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1)); err != nil {
		return r, nil, fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return r, resp, nil
}

// judge refuses replies that are not the server's own of this moment.
func judge(resp *http.Response) error {
	status := resp.StatusCode
	if status == http.StatusNetworkAuthenticationRequired || status >= 300 && status < 400 && status != http.StatusNotModified {
		return fmt.Errorf("%w: status %d", ErrPortal, status)
	}
	if age := strings.TrimSpace(resp.Header.Get("Age")); age != "" {
		if n, err := strconv.ParseUint(age, 10, 64); err != nil || n > 0 {
			return fmt.Errorf("%w: its age is %.20q", ErrCached, age)
		}
	}
	return nil
}

// explain says why there is no connection.
func (s *session) explain(err error) error {
	var invalid *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(err, &invalid) && s.wouldBeGood(invalid):
		return fmt.Errorf("%w: %w", ErrCertificateTime, err)
	case errors.As(err, &invalid), errors.As(err, &plain):
		return fmt.Errorf("%w: %w", ErrPortal, err)
	}
	return fmt.Errorf("%w: %w", ErrNoAnswer, err)
}

// wouldBeGood tells whether only the date keeps a certificate from being valid.
func (s *session) wouldBeGood(invalid *tls.CertificateVerificationError) bool {
	var why x509.CertificateInvalidError
	certs := invalid.UnverifiedCertificates
	if !errors.As(invalid, &why) || why.Reason != x509.Expired || len(certs) == 0 {
		return false
	}
	leaf := certs[0]
	o := x509.VerifyOptions{
		DNSName: s.url.Hostname(), Roots: s.Roots, Intermediates: x509.NewCertPool(),
		CurrentTime: leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 2),
	}
	for _, c := range certs[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := leaf.Verify(o)
	return err == nil
}

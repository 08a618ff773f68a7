// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// Kinds of problems beside those of package refusal: what is wrong with a
// request as HTTP, and what is wrong with the service.
const (
	TooLarge       refusal.Kind = "too-large"
	MediaType      refusal.Kind = "unsupported-media-type"
	MethodNot      refusal.Kind = "method-not-allowed"
	NotScope       refusal.Kind = "insufficient-scope"
	Unavailable    refusal.Kind = "unavailable"
	Internal       refusal.Kind = "internal"
	retryAvailable              = 5 * time.Second // how long a client should wait for the database
)

// About is what a kind of problem is in HTTP and in words.
type About struct {
	Status int
	Title  string // one short sentence, the same for every occurrence (RFC 9457, 3.1.3)
	Advice string // what the one who asked can do
}

// Problems are all kinds.
var Problems = map[refusal.Kind]About{
	refusal.CodeWrong:        {http.StatusUnprocessableEntity, "The code is wrong", "Wait for the next code, or check that the newest one was typed."},
	refusal.CodeUsed:         {http.StatusUnprocessableEntity, "The code was used before", "Each code works once. Wait for the next one."},
	refusal.CodeExpired:      {http.StatusUnprocessableEntity, "The code is too old", "Ask for a new code. A new one replaces the old."},
	refusal.CodeMalformed:    {http.StatusUnprocessableEntity, "This has not the form of a code", "A code has six digits; a backup code has ten characters, a bypass code eight."},
	refusal.TooManyTries:     {http.StatusTooManyRequests, "There were too many tries", "Wait as long as Retry-After says."},
	refusal.TooManySent:      {http.StatusTooManyRequests, "A code was sent a moment ago", "Wait as long as Retry-After says before another is sent."},
	refusal.Blocked:          {http.StatusForbidden, "There were too many wrong codes in a row", "Use a backup code, or ask a workspace administrator."},
	refusal.NotEnrolled:      {http.StatusConflict, "Two-factor authentication is off", "Set it up first."},
	refusal.MethodMismatch:   {http.StatusConflict, "This account uses the other method", "Look at the status, and use the method that it names."},
	refusal.EnrolExpired:     {http.StatusGone, "The set-up took too long", "Begin again. Nothing was changed."},
	refusal.EnrolClosed:      {http.StatusForbidden, "The time to set up again after a reset is over", "Ask a workspace administrator."},
	refusal.ResyncClosed:     {http.StatusForbidden, "Two codes in a row are not taken now", "The helpdesk opens this, for 15 minutes and once."},
	refusal.PhoneInvalid:     {http.StatusUnprocessableEntity, "This number cannot receive text messages", "Give a mobile number with its country code, such as +33 6 12 34 56 78."},
	refusal.NeedsSignIn:      {http.StatusUnauthorized, "Nobody is signed in", "Sign in; a session ends after 30 minutes without use and after 12 hours."},
	refusal.NeedsSecond:      {http.StatusForbidden, "The second factor is missing", "Prove it at /v1/second-factor/verify."},
	refusal.NeedsEnrolment:   {http.StatusForbidden, "Two-factor authentication has to be set up first", "Set it up at /v1/me/2fa/enrolments."},
	refusal.NeedsElevation:   {http.StatusForbidden, "Both factors have to be proved again", "Prove them within ten minutes before the change: /v1/me/elevation and /v1/second-factor/verify."},
	refusal.NeedsConfirm:     {http.StatusConflict, "This has to be confirmed", "Send the same request again with \"confirm\": true."},
	refusal.NoCodes:          {http.StatusConflict, "There are no backup codes left", "Make new ones."},
	refusal.Forbidden:        {http.StatusForbidden, "The role does not allow this", "Ask someone whose role does."},
	refusal.Yourself:         {http.StatusForbidden, "Nobody does this for their own account", "Ask another member of the desk."},
	refusal.ChecksMissing:    {http.StatusUnprocessableEntity, "The caller was not identified", "Two checks of different groups are needed, beside the call back, and their record."},
	refusal.NeedsApproval:    {http.StatusConflict, "Another administrator has to approve this", "It can be approved after the time that Retry-After says."},
	refusal.NotFound:         {http.StatusNotFound, "There is nothing here", "Look at the address and the id."},
	refusal.Invalid:          {http.StatusBadRequest, "The request is not understood", "The member \"field\" names what is wrong."},
	refusal.FlowEnded:        {http.StatusGone, "This sign-in is over", "It took too long, was used, or was replaced. Begin again."},
	refusal.EmailInvalid:     {http.StatusUnprocessableEntity, "This is no e-mail address", "Check what was typed."},
	refusal.IdentityUnlinked: {http.StatusConflict, "Nobody here has this account of Google or Apple yet", "Sign in with a code by e-mail; it is linked then."},
	refusal.ProviderRefused:  {http.StatusForbidden, "Google or Apple did not confirm who this is", "Begin again, or sign in with a code by e-mail."},
	refusal.ProviderAway:     {http.StatusServiceUnavailable, "Google or Apple do not answer", "Sign in with a code by e-mail, or try again later."},
	TooLarge:                 {http.StatusRequestEntityTooLarge, "The request is too large", "A body may have 64 KiB."},
	MediaType:                {http.StatusUnsupportedMediaType, "The body is of a type that is not taken here", "Send application/json, or at /oauth/ application/x-www-form-urlencoded."},
	MethodNot:                {http.StatusMethodNotAllowed, "The method is not allowed here", "The header Allow names those that are."},
	NotScope:                 {http.StatusForbidden, "The linked app was not allowed to do this", "Ask the user for the scope that WWW-Authenticate names."},
	Unavailable:              {http.StatusServiceUnavailable, "The service cannot answer now", "Try again. Nothing was lost; look whether it was done before it is done again."},
	Internal:                 {http.StatusInternalServerError, "The service made a mistake", "Tell who runs it the request id."},
}

// Fault tells what an error is in HTTP: the status of a refusal; 401 for a
// session that ended; 413 for a body past MostBody; 503 where the database is
// away or a time limit passed; 500 for everything else.
func Fault(err error) (status int, kind string) {
	k := kindOf(err)
	about, ok := Problems[k]
	if !ok {
		k, about = Internal, Problems[Internal]
	}
	return about.Status, string(k)
}

func kindOf(err error) refusal.Kind {
	var large *http.MaxBytesError
	if e := refusal.Of(err); e != nil {
		return e.Kind
	}
	switch {
	case errors.Is(err, session.ErrEnded):
		return refusal.NeedsSignIn
	case errors.As(err, &large):
		return TooLarge
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return Unavailable
	}
	return Internal
}

// Problem is an error as the API tells it (RFC 9457).
type Problem struct {
	Type       string `json:"type"`
	Title      string `json:"title"`
	Status     int    `json:"status"`
	Detail     string `json:"detail,omitempty"`
	Field      string `json:"field,omitempty"`       // what of the request is wrong
	RetryAfter int64  `json:"retry_after,omitempty"` // seconds
	TriesLeft  *int   `json:"tries_left,omitempty"`
	RequestID  string `json:"request_id,omitempty"`
}

// ProblemOf is what an error is as a problem. base is the service's address.
func ProblemOf(r *http.Request, base string, err error) Problem {
	status, kind := Fault(err)
	about := Problems[refusal.Kind(kind)]
	p := Problem{
		Type: base + "/problems/" + kind, Title: about.Title, Status: status, Detail: about.Advice,
		RequestID: RequestID(r.Context()),
	}
	if status == http.StatusServiceUnavailable {
		p.RetryAfter = seconds(retryAvailable)
	}
	e := refusal.Of(err)
	if e == nil {
		return p
	}
	p.Field = e.Field
	if e.RetryAfter > 0 {
		p.RetryAfter = seconds(e.RetryAfter)
	}
	if e.Detail != "" {
		p.Detail = e.Detail
	}
	if e.Left >= 0 {
		p.TriesLeft = &e.Left
	}
	return p
}

// seconds rounds up, so that a client that waits as long has waited long enough.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// Write answers with the problem.
func (p Problem) Write(w http.ResponseWriter) {
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(p.RetryAfter, 10))
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // a client that is gone
}

// FailPlainly is what Options.Fail is where it is not set: a problem for
// programs, one line of text for browsers.
func FailPlainly(w http.ResponseWriter, r *http.Request, base string, status int, kind string) {
	for _, prefix := range []string{"/v1/", "/oauth/token", "/oauth/device_authorization", "/oauth/revoke", "/.well-known/"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			p := ProblemOf(r, base, refusal.New(refusal.Kind(kind)))
			p.Write(w)
			return
		}
	}
	about := Problems[refusal.Kind(kind)]
	http.Error(w, about.Title+". "+about.Advice, status)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package issuer

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/seal"
)

// request is an authorization request that may be answered.
type request struct {
	values   url.Values
	redirect *url.URL
}

// check reads a request. problem is for whoever wrote it: nobody is sent anywhere
// with a redirect that is not known (RFC 6749, 4.1.2.1).
func (i *Issuer) check(v url.Values) (q request, problem string) {
	q.values = v
	redirect, err := url.Parse(v.Get("redirect_uri"))
	switch {
	case v.Get("client_id") != i.config.ClientID:
		return q, "unknown client_id"
	case err != nil || !slices.Contains(i.config.Redirects, v.Get("redirect_uri")):
		return q, "unknown redirect_uri"
	case v.Get("response_type") != "code" || !slices.Contains(strings.Fields(v.Get("scope")), "openid"):
		return q, "response_type must be code, and scope have openid"
	case v.Get("code_challenge") == "" || v.Get("code_challenge_method") != "S256":
		return q, "PKCE with S256 is needed"
	}
	q.redirect = redirect
	return q, ""
}

var askPage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Practice sign-in with {{.Name}}</title></head>
<body>
<main>
<h1>Practice sign-in with {{.Name}}</h1>
<p>This is not {{.Name}}. It stands in for it on this machine, for practice, and believes whatever you choose.</p>
<form method="post" action="{{.Action}}">
{{range $name, $values := .Hidden}}{{range $values}}<input type="hidden" name="{{$name}}" value="{{.}}">
{{end}}{{end}}<h2>Who are you?</h2>
<ul>
{{range .Users}}<li><button type="submit" name="user" value="{{.Subject}}">{{.Name}} ({{.Email}})</button></li>
{{end}}</ul>
<p><button type="submit" name="user" value="">Cancel</button></p>
</form>
</main>
</body>
</html>
`))

func (i *Issuer) ask(w http.ResponseWriter, r *http.Request) {
	q, problem := i.check(r.URL.Query())
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	i.page(w, q, askPage, map[string]any{
		"Name": i.config.Name, "Action": i.base.Path + "/authorize", "Hidden": map[string][]string(q.values), "Users": i.config.Users,
	})
}

// page shows a form that leads back to the service, and to no one else.
func (i *Issuer) page(w http.ResponseWriter, q request, t *template.Template, data any) {
	origin := q.redirect.Scheme + "://" + q.redirect.Host
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self' "+origin+"; frame-ancestors 'none'; base-uri 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_ = t.Execute(w, data) // who went away needs no page
}

// answer sends the browser back with a code, or with access_denied.
func (i *Issuer) answer(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form is not understood", http.StatusBadRequest)
		return
	}
	q, problem := i.check(r.PostForm)
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.values.Get("state")}, "iss": {i.config.URL}}
	if u, ok := i.user(q.values.Get("user")); ok {
		back.Set("code", i.grant(u, q.values))
	} else {
		back.Set("error", "access_denied")
	}
	if q.values.Get("response_mode") == "form_post" {
		i.page(w, q, backPage, map[string]any{"Action": q.redirect.String(), "Hidden": map[string][]string(back)})
		return
	}
	to := *q.redirect
	to.RawQuery = back.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// backPage is a form_post answer (OAuth 2.0 Form Post Response Mode) that the user sends off:
// there is no script here.
var backPage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Back to Kutano</title></head>
<body>
<main>
<form method="post" action="{{.Action}}">
{{range $name, $values := .Hidden}}{{range $values}}<input type="hidden" name="{{$name}}" value="{{.}}">
{{end}}{{end}}<p><button type="submit" autofocus>Continue to Kutano</button></p>
</form>
</main>
</body>
</html>
`))

func (i *Issuer) grant(u User, v url.Values) string {
	code := seal.Token()
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.config.Clock()
	for old, g := range i.codes {
		if !now.Before(g.expires) {
			delete(i.codes, old)
		}
	}
	i.codes[code] = grant{
		user: u, redirect: v.Get("redirect_uri"), nonce: v.Get("nonce"), challenge: v.Get("code_challenge"),
		authTime: v.Get("max_age") != "", expires: now.Add(time.Minute),
	}
	return code
}

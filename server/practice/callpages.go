// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/kutano/authenticator/server/pages"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

const (
	callPath  = "/practice/call"
	scorePath = callPath + "/score"
	// agent is who answers the phone.
	agent = "hana@example.com"
)

func (p *Practice) callRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+callPath, p.showCall)
	mux.HandleFunc("POST "+callPath+"/answer", p.takeCall)
	mux.HandleFunc("POST "+callPath+"/press", p.pressMove)
	mux.HandleFunc("POST "+callPath+"/desk", p.toDesk)
	mux.HandleFunc("GET "+scorePath, p.showScore)
	mux.HandleFunc("GET "+scorePath+".json", p.tellScore)
}

// callView is what the pages of a call show.
type callView struct {
	Scenario scenario
	Lines    []said
	Parts    []part
	Next     string // the scenario that rings
	All      []scenario
	Score    Score
	Sum      Summary
}

func (p *Practice) callView(ctx context.Context) (callView, error) {
	d := &p.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := p.again(ctx); err != nil {
		return callView{}, err
	}
	v := callView{All: scenarios, Parts: parts, Sum: Sum(d.done)}
	if len(d.queue) > 0 {
		v.Next = d.queue[0]
	}
	if d.now != nil && d.now.ending == GoesOn {
		v.Scenario, v.Lines = d.now.scenario, slices.Clone(d.now.lines)
	}
	if n := len(d.done); n > 0 {
		v.Score = d.done[n-1]
	}
	return v, nil
}

const noCalls = "The calls cannot be shown."

func (p *Practice) showCall(w http.ResponseWriter, r *http.Request) {
	v := p.view(r, "Calls")
	c, err := p.callView(r.Context())
	if err != nil {
		http.Error(w, noCalls, http.StatusInternalServerError)
		return
	}
	v.Call = &c
	page := "ring.html"
	if c.Scenario.Name != "" {
		page = "call.html"
	}
	show(w, http.StatusOK, page, v)
}

func (p *Practice) takeCall(w http.ResponseWriter, r *http.Request) {
	name := r.PostFormValue("scenario")
	if _, ok := scenarioOf(name); !ok {
		http.Error(w, "There is no such call.", http.StatusUnprocessableEntity)
		return
	}
	if err := p.answer(r.Context(), name); err != nil && !errors.Is(err, errBusy) {
		http.Error(w, "The call could not be put through.", http.StatusInternalServerError)
		return
	}
	http.Redirect(w, r, callPath, http.StatusSeeOther)
}

func (p *Practice) pressMove(w http.ResponseWriter, r *http.Request) {
	m := Move(r.PostFormValue("move"))
	if !known(m) {
		http.Error(w, "There is no such button.", http.StatusUnprocessableEntity)
		return
	}
	err := p.press(r.Context(), m)
	to := callPath + "#end"
	switch {
	case errors.Is(err, errNoCall):
		to = callPath
	case err != nil:
		http.Error(w, "The line is bad. Press the button again.", http.StatusInternalServerError)
		return
	case p.over():
		to = scorePath
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// over tells whether the call has ended.
func (p *Practice) over() bool {
	p.desk.mu.Lock()
	defer p.desk.mu.Unlock()
	return p.desk.now != nil && p.desk.now.ending != GoesOn
}

// toDesk signs the browser in as Hana, both factors proved just now: there is nothing to
// learn from typing her codes. It is for practice alone, where every code is shown anyway.
func (p *Practice) toDesk(w http.ResponseWriter, r *http.Request) {
	var token string
	err := p.db.Tx(r.Context(), func(q store.Q) error {
		hana, err := people.ByEmail(r.Context(), q, agent)
		if err != nil {
			return err
		}
		now := p.Now()
		in, _, err := session.Start(r.Context(), q, hana.ID, "email", "practice", session.Nothing, now)
		if err == nil {
			_, token, err = session.Raise(r.Context(), q, in, session.Nothing, time.Time{}, now, now)
		}
		return err
	})
	if err != nil {
		http.Error(w, "Hana cannot be signed in.", http.StatusInternalServerError)
		return
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // practice has no TLS: it is on loopback alone
		Name: pages.SessionCookie(), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(session.Absolute / time.Second),
	})
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
}

func (p *Practice) showScore(w http.ResponseWriter, r *http.Request) {
	v := p.view(r, "Score")
	c, err := p.callView(r.Context())
	if err != nil {
		http.Error(w, noCalls, http.StatusInternalServerError)
		return
	}
	if len(c.Sum.Calls) == 0 {
		http.Redirect(w, r, callPath, http.StatusSeeOther)
		return
	}
	v.Call = &c
	show(w, http.StatusOK, "score.html", v)
}

func (p *Practice) tellScore(w http.ResponseWriter, r *http.Request) {
	calls, err := p.Calls(r.Context())
	if err != nil {
		http.Error(w, noCalls, http.StatusInternalServerError)
		return
	}
	reply(w, Sum(calls))
}

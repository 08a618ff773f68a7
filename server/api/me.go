// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func meRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/me", enrolling, session.Read, http.StatusOK, asks(me)},
		{http.MethodGet, "/v1/me/sessions", ready, session.Read, http.StatusOK, asks(sessions)},
		{http.MethodDelete, "/v1/me/sessions", ready, noApp, http.StatusOK, asks(endOthers)},
		{http.MethodDelete, "/v1/me/sessions/{id}", ready, noApp, http.StatusNoContent, asks(endSession)},
		{http.MethodGet, "/v1/me/links", ready, session.Read, http.StatusOK, asks(links)},
		{http.MethodDelete, "/v1/me/links/{id}", ready, noApp, http.StatusNoContent, asks(endLink)},
	}
}

func me(c *call) (userView, error) { return viewUser(c.user), nil }

// list is a list that is never null.
func list[From, To any](from []From, view func(From) To) []To {
	to := make([]To, 0, len(from))
	for _, f := range from {
		to = append(to, view(f))
	}
	return to
}

type sessionsView struct {
	Sessions []sessionView `json:"sessions"`
}

func sessions(c *call) (sessionsView, error) {
	all, err := session.List(c.ctx, c.DB, c.in.UserID, c.now)
	return sessionsView{list(all, func(s session.Session) sessionView {
		v := viewSession(s)
		v.Current = s.ID == c.in.ID
		return v
	})}, err
}

type endedView struct {
	Ended int64 `json:"ended"`
}

func endOthers(c *call) (endedView, error) {
	var n int64
	err := c.DB.Tx(c.ctx, func(q store.Q) (err error) {
		n, err = session.SignOutOthers(c.ctx, q, c.in, c.now)
		return err
	})
	return endedView{n}, err
}

// unlessThere says that what was to be ended is not there; who asked is signed in still.
func unlessThere(err error) error {
	if errors.Is(err, session.ErrEnded) {
		return refusal.New(refusal.NotFound)
	}
	return err
}

func endSession(c *call) (none, error) {
	return none{}, unlessThere(c.DB.Tx(c.ctx, func(q store.Q) error {
		return session.SignOut(c.ctx, q, c.in, c.r.PathValue("id"), c.now)
	}))
}

type linkView struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Scopes  []session.Scope `json:"scopes"`
	Created time.Time       `json:"created_at"`
	LastUse time.Time       `json:"last_used_at,omitzero"`
}

type linksView struct {
	Links []linkView `json:"links"`
}

func endLink(c *call) (none, error) {
	return none{}, unlessThere(c.Links.End(c.ctx, c.in.UserID, c.r.PathValue("id")))
}

func links(c *call) (linksView, error) {
	all, err := c.Links.List(c.ctx, c.in.UserID)
	return linksView{list(all, func(l link.Linked) linkView {
		return linkView{ID: l.ID, Name: l.Name, Scopes: l.Scopes, Created: l.Created, LastUse: l.LastUse}
	})}, err
}

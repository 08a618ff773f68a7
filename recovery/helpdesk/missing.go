// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// Missing is something that is missing for an action.
type Missing struct {
	Item Item // what of the script; "" where it is not of the script
	// Never tells that it cannot be made good in this call. Skip tells that a written
	// reason does instead, see [Call.Skip].
	Never, Skip bool
	What        string // what is missing, in a sentence
	Say         string // what to say to the caller; may be ""
}

// Verdict is how far an action may go.
type Verdict uint8

// The verdicts.
const (
	Refused Verdict = iota // not in this call
	Lacking                // something is missing still
	AskOnly                // it may be asked for; a second administrator approves it, a day later
	Free                   // it may be done
)

// acts are the actions in the order of danger.
var acts = []link.DeskAct{link.ActLookUp, link.ActSignOut, link.ActUnlock, link.ActResync, link.ActBypass, link.ActReset}

// Acts returns what can be done at the desk, the least dangerous first.
func Acts() []link.DeskAct { return slices.Clone(acts) }

// Allowed tells whether nothing is missing for an action. For an administrator's
// reset that is no more than asking for it, see [Call.Verdict].
func (c *Call) Allowed(act link.DeskAct) bool { return c.Verdict(act) >= AskOnly }

// Verdict tells how far an action may go as things stand.
func (c *Call) Verdict(act link.DeskAct) Verdict {
	missing := c.Missing(act)
	switch {
	case slices.ContainsFunc(missing, func(m Missing) bool { return m.Never }):
		return Refused
	case len(missing) > 0:
		return Lacking
	case act == link.ActReset && c.role.Administrator():
		return AskOnly
	}
	return Free
}

// Missing says what is missing for an action, what can never be first. Nothing is
// missing for looking somebody up.
func (c *Call) Missing(act link.DeskAct) []Missing {
	if act == link.ActLookUp {
		return nil
	}
	all := slices.Concat(c.never(act), c.open(act), c.uncalled(act), c.unproved(act))
	if !slices.Contains(acts, act) {
		all = append(all, Missing{Never: true, What: words.T("The helpdesk cannot do that.")})
	}
	return all
}

// never is what cannot be made good in this call.
func (c *Call) never(act link.DeskAct) []Missing {
	var all []Missing
	if c.items[Calm] == Against {
		all = append(all, Missing{Item: Calm, Never: true, What: words.T("The caller is applying pressure. Nothing is done in this call."), Say: SayUrged()})
	}
	if c.items[Alone] == Against {
		all = append(all, Missing{
			Item: Alone, Never: true, Say: SayTwo(),
			What: words.T("Another change is wanted, too, such as a new e-mail address. Doing both in one call is not allowed."),
		})
	}
	if what, say := c.forbidden(act); what != "" {
		all = append(all, Missing{Never: true, What: what, Say: say})
	}
	return all
}

// forbidden says why the roles do not allow an action; "" where they do.
func (c *Call) forbidden(act link.DeskAct) (what, say string) {
	helpdesk := c.agent.Role == link.RoleHelpdesk || c.agent.Role == "" && c.subject.MayNot[act] == "forbidden"
	switch {
	case c.oneself(act):
		return words.T("That is your own account. Nobody can help themselves past the second step: ask a colleague."), ""
	case c.role.Administrator() && act == link.ActBypass:
		return words.T("There are no bypass codes for administrators and owners, because one person alone could give them. A reset needs two people."), SayTwoAdmins()
	case c.role.Administrator() && helpdesk:
		return words.T("Only another administrator can do this for administrators and owners."), SayTwoAdmins()
	case act == link.ActReset && helpdesk:
		return words.T("Only an administrator can reset. Pass the call on, with the note."), SayPassOn()
	case c.agent.Role == link.RoleUser || c.agent.Role == link.RoleAuditor, c.subject.MayNot[act] != "":
		return words.T("Your role does not allow this. Pass the call on, with the note."), SayPassOn()
	case c.subject.May != nil && !slices.Contains(c.subject.May, act):
		return words.T("The service does not offer this for this user."), ""
	}
	return "", ""
}

// oneself tells whether the agent is the one whom it is about.
func (c *Call) oneself(act link.DeskAct) bool {
	why := c.subject.MayNot[act]
	return c.own || why == "not-for-oneself" || why == "yourself" || c.met && c.agent.ID != "" && c.agent.ID == c.subject.Who.ID
}

// open is what of the script is open for an action.
func (c *Call) open(act link.DeskAct) []Missing {
	items := []Item{Calm, Alone}
	switch act {
	case link.ActUnlock, link.ActResync:
		items = append(items, Phrase, Step, Backup)
	case link.ActBypass:
		items = append(items, Phrase, Step, Backup, Advised)
	case link.ActReset:
		items = append(items, Phrase, Step, Backup, Advised)
		if !c.role.Administrator() { // they get no bypass code
			items = append(items, Least)
		}
	}
	var all []Missing
	if c.role == "" {
		all = append(all, Missing{What: words.T("Whose account it is: look the user up, or say whether they are an administrator or an owner.")})
	}
	for _, i := range Items {
		if slices.Contains(items, i) && c.items[i] == Open && c.Applies(i) {
			all = append(all, Missing{Item: i, Skip: i != Calm && i != Alone, What: lacks(i, c.advised()), Say: Asks(i)})
		}
	}
	return all
}

// Proofs is how many proofs of different groups an action takes. What only makes the
// caller's own device work again takes one, what leads past it two besides the call
// back, which counts for the former alone; what only shuts out takes none.
func Proofs(act link.DeskAct) int {
	switch act {
	case link.ActUnlock, link.ActResync:
		return 1
	case link.ActBypass, link.ActReset:
		return 2
	}
	return 0
}

// NoCallBack tells that a call back would prove nothing of the user who was looked up:
// no number is on record, or it was changed not long ago.
func (c *Call) NoCallBack() bool { return c.met && !c.subject.CallBackOK }

// uncalled is the call back that has to be made, or left out in writing, before what
// leads past the second factor. It is none of the two proofs for that: a number can be
// taken over.
func (c *Call) uncalled(act link.DeskAct) []Missing {
	if Proofs(act) < 2 || c.items[Called] != Open || c.NoCallBack() {
		return nil
	}
	return []Missing{{Item: Called, Skip: true, What: lacks(Called, ""), Say: Asks(Called)}}
}

// proved are the groups of proofs that count for an action.
func (c *Call) proved(act link.DeskAct) map[string]bool {
	groupsOf := map[string]bool{}
	for _, check := range c.checks() {
		if check != link.CalledBack || Proofs(act) < 2 {
			groupsOf[groups[check]] = true
		}
	}
	return groupsOf
}

// unproved is what is missing of the caller's identity.
func (c *Call) unproved(act link.DeskAct) []Missing {
	need, proved := Proofs(act), c.proved(act)
	if len(proved) >= need {
		return nil
	}
	m := Missing{Item: Called, What: words.T("One proof of who the caller is."), Say: SayProof()}
	if c.NoCallBack() || need == 2 && c.items[Called] != Open {
		m.Say = sayOtherProof()
	}
	switch {
	case need == 2 && len(proved) == 0:
		m.What = words.T("Two proofs, of different kinds, of who the caller is. The call back is not one of them.")
	case need == 2:
		m.What = words.T("A second proof, of a different kind, of who the caller is. The call back is not one.")
	}
	if need == 2 || c.NoCallBack() { // for two, the call back is asked for by itself
		m.Item = Boss
	}
	if proved["colleague"] {
		m.Item = Video
	}
	return []Missing{m}
}

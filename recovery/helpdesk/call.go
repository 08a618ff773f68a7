// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"maps"
	"slices"

	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
)

// Item is something that the script of a call asks for.
type Item string

// The items, in the order of the script. Those of identity have the service's names.
const (
	Phrase Item = "phrase"      // the six words were heard
	Step   Item = "step"        // the caller took the next step of the finding
	Backup Item = "backup-code" // the caller tried a backup code, or has none
	// Advised is for a bypass code and a reset: what the finding comes to at the service,
	// where that is unlocking or two codes, was done.
	Advised Item = "advised"

	Called  = Item(link.CalledBack)    // the number on record was called
	Boss    = Item(link.Manager)       // the manager was asked, by the company's directory
	Video   = Item(link.VideoID)       // seen live by video, with an ID
	Met     = Item(link.InPerson)      // met in person
	Channel = Item(link.SecondChannel) // a number shown to the agent was answered on a known second channel

	Calm  Item = "calm"         // nobody urges
	Alone Item = "nothing-else" // no other change, such as of the e-mail address, is wanted in the same call
	Least Item = "bypass-code"  // for a reset: a bypass code does not do
)

// Items are all items, in the order of the script.
var Items = []Item{Phrase, Step, Backup, Advised, Called, Boss, Video, Met, Channel, Calm, Alone, Least}

// State is how an item stands.
type State uint8

// The states of an item.
const (
	Open    State = iota
	Done          // it was done, or answered well
	Skipped       // it was left out, with a written reason
	Against       // the answer speaks against doing anything
)

// Agent is who answers the call. The zero value is an agent of whom nothing is known:
// no service is linked.
type Agent struct {
	ID   string    // at the service
	Role link.Role // "" where it is not known
}

// Deed is something that was done at the service in this call.
type Deed struct {
	Act   link.DeskAct
	Audit int64 // 0 where it is not known
	// Waiting tells that a second administrator has to approve. Unknown tells that the
	// service's answer was lost, and it could not be looked up either. Earlier tells that
	// it was done before, and was not done again.
	Waiting, Unknown, Earlier bool
}

// Call is one call: what was heard, what was checked, what was done. It holds no name
// of the caller beyond Who, and nothing of it is kept when the call is over. It is for
// one goroutine.
type Call struct {
	agent Agent

	heard    bool
	standing standing.Standing
	format   int // of the phrase
	first    standing.Standing

	met     bool
	subject link.Subject
	role    link.Role // where no service tells it
	own     bool      // the account is the agent's

	items  map[Item]State
	whys   map[Item]string       // of those that were left out
	about  link.DeskAct          // what Advised was answered for
	helped map[link.DeskAct]bool // what was done for this user
	remark string
	ticket string
	deeds  []Deed
}

// New begins a call.
func New(agent Agent) *Call {
	return &Call{agent: agent, items: map[Item]State{}, whys: map[Item]string{}, helped: map[link.DeskAct]bool{}}
}

// Hear takes the phrase of the caller: the first, or the one after a fix. Format is
// the phrase's version.
func (c *Call) Hear(s standing.Standing, format int) {
	if !c.heard {
		c.first = s
	}
	c.heard, c.standing, c.format = true, s, format
	c.set(Phrase, Done)
	c.advise()
}

// advised is what the finding comes to at the service before a bypass code; "" where
// that is nothing.
func (c *Call) advised() link.DeskAct {
	if a, ok := c.Advice(); ok && (a.Act == link.ActUnlock || a.Act == link.ActResync) {
		return a.Act
	}
	return ""
}

// advise sets how Advised stands: a reason why one thing was left out is none for another.
func (c *Call) advise() {
	act := c.advised()
	switch {
	case act == "": // what was answered before stays in the note
		return
	case c.helped[act]:
		c.set(Advised, Done)
	case c.about != act:
		c.set(Advised, Open)
	}
	c.about = act
}

// Applies tells whether the script has an item in this call. It has all but Advised,
// which it has where the finding comes to unlocking or to two codes.
func (c *Call) Applies(i Item) bool { return i != Advised || c.advised() != "" }

// Heard returns what was heard last; false for nothing.
func (c *Call) Heard() (standing.Standing, bool) { return c.standing, c.heard }

// Advice is the advice for what was heard last; false where nothing was heard.
func (c *Call) Advice() (Advice, bool) {
	if !c.heard {
		return Advice{}, false
	}
	return Advise(c.standing), true
}

// Meet says who the caller wants to be, as the service sees them. Proofs of another
// user count no more, nor does a bypass code for them. Looking the same user up again
// changes nothing else, but that the number on record may not count any more.
func (c *Call) Meet(s link.Subject) {
	if !c.met || c.subject.Who.ID != s.Who.ID {
		c.forget()
	}
	c.met, c.subject, c.role, c.own = true, s, s.Role, false
	if !s.CallBackOK && c.items[Called] == Done {
		c.set(Called, Open)
	}
}

// Unlinked says what the caller is at the workspace, where no service tells it.
// Proofs of a user count no more where that is another role.
func (c *Call) Unlinked(r link.Role) {
	if c.met || c.own || c.role != r {
		c.forget()
	}
	c.met, c.subject, c.role, c.own = false, link.Subject{}, r, false
}

// Own says that the account is the agent's own, where no service tells it: then
// nothing is done.
func (c *Call) Own() {
	c.forget()
	c.met, c.subject, c.role, c.own = false, link.Subject{}, link.RoleUser, true
}

// forget takes back what was proved of somebody, and that what is smaller than a bypass
// code, or the code itself, was of no use to them.
func (c *Call) forget() {
	clear(c.helped)
	c.set(Advised, Open)
	c.set(Least, Open)
	for check := range groups {
		c.set(Item(check), Open)
	}
}

// Subject is who the caller wants to be; false where no service told.
func (c *Call) Subject() (link.Subject, bool) { return c.subject, c.met }

// set puts an item into a state; a reason of before goes.
func (c *Call) set(i Item, s State) {
	c.items[i] = s
	delete(c.whys, i)
}

// State tells how an item stands, and why it was left out.
func (c *Call) State(i Item) (State, string) { return c.items[i], c.whys[i] }

// Tick notes that an item was done, or takes that back. Calm and Alone are answered
// by [Call.Answer], the phrase is heard by [Call.Hear], and Advised and Least are done
// at the service, see [Call.Did].
func (c *Call) Tick(i Item, done bool) error {
	switch {
	case !slices.Contains(Items, i) || i == Calm || i == Alone || i == Phrase || i == Advised || i == Least:
		return ErrCheck
	case !done:
		c.set(i, Open)
		return nil
	case i == Called && c.NoCallBack():
		return ErrNumber
	}
	c.set(i, Done)
	return nil
}

// Answer answers Calm or Alone; well tells that nobody urges, and that nothing else
// is to be changed. What speaks against stays: who was urged once in a call, does
// nothing in it any more.
func (c *Call) Answer(i Item, well bool) error {
	switch {
	case i != Calm && i != Alone:
		return ErrCheck
	case !well:
		c.set(i, Against)
	case c.items[i] != Against:
		c.set(i, Done)
	}
	return nil
}

// Skip leaves an item out, for a written reason that stands in the note. An
// identity check that is left out is no proof; Calm and Alone are never left out, and
// what does not apply is not there to be.
func (c *Call) Skip(i Item, why string) error {
	if !slices.Contains(Items, i) {
		return ErrCheck
	}
	if i == Calm || i == Alone {
		return ErrNoSkip
	}
	why, err := reason(why, leastWhy, mostWhy)
	if err == nil {
		c.skip(i, why)
	}
	return err
}

// SkipByRemark leaves an item out for the reason of [Call.Remark], and is ErrReason
// where there is none.
func (c *Call) SkipByRemark(i Item) error {
	switch {
	case !slices.Contains(Items, i):
		return ErrCheck
	case i == Calm || i == Alone:
		return ErrNoSkip
	case c.remark == "":
		return ErrReason
	}
	c.skip(i, c.remark)
	return nil
}

func (c *Call) skip(i Item, why string) {
	if !c.Applies(i) {
		return
	}
	c.set(i, Skipped)
	c.whys[i] = why
}

// Remark says in the agent's words why something is done: 10 to 300 characters
// without addresses, long numbers and codes; "" for no more than the script says.
func (c *Call) Remark(text string) (err error) {
	if text == "" {
		c.remark = ""
		return nil
	}
	c.remark, err = reason(text, leastReason, mostRemark)
	return err
}

// Ticket says under which ticket the call is kept; "" for none.
func (c *Call) Ticket(number string) error {
	number, err := ticket(number)
	if err == nil {
		c.ticket = number
	}
	return err
}

// Did notes what was done at the service. What was done before this call opens nothing
// in it, nor does what nobody knows.
func (c *Call) Did(d Deed) {
	c.deeds = append(c.deeds, d)
	if d.Unknown || d.Earlier {
		return
	}
	c.helped[d.Act] = true
	if d.Act == link.ActBypass {
		c.set(Least, Done)
	}
	c.advise()
}

// Deeds are what was done, in order.
func (c *Call) Deeds() []Deed { return slices.Clone(c.deeds) }

// Next is the item that the script asks for next; "" where none is open.
func (c *Call) Next() Item {
	for _, i := range Items[:len(Items)-1] { // Least is asked for with a reset alone
		if c.items[i] == Open && c.Applies(i) {
			return i
		}
	}
	return ""
}

// checks are the proofs, in the order of the script.
func (c *Call) checks() []link.Check {
	var all []link.Check
	for _, i := range Items {
		if _, proof := groups[link.Check(i)]; proof && c.items[i] == Done {
			all = append(all, link.Check(i))
		}
	}
	return all
}

// groups are the groups of proofs: two of one group prove no more than one.
var groups = map[link.Check]string{
	link.CalledBack: "phone", link.VideoID: "person", link.InPerson: "person", link.Manager: "colleague", link.SecondChannel: "channel",
}

// Checks are the names of all checks, for scripts.
func Checks() []link.Check { return slices.Sorted(maps.Keys(groups)) }

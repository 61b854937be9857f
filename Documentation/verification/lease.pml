/*
 * The lease of Sources/Gossip/Lease as a model for Spin. `make model` runs every variant of README.md beside this file.
 *
 * Three peers vote, the first STANDERS of them may stand. Each peer counts time by its own clock, in ticks. Every step below is one
 * step of the rules; the comment names the function that it mirrors. Messages may be lost, late, and (REPEAT) delivered twice.
 * Per ordered pair there is one request or answer under way and one farewell (release or hand-over) under way; a newer message
 * takes the place of the older one, as if that were lost.
 *
 * Sizes:    HOLDER, VOTER  ticks that a grant counts at the holder from the sending, at the voter from the arrival
 *           EPOCHS         the highest epoch;  STANDERS  2 or 3
 * Claims:   CLAIM, a sum of  1 no two awake peers believe to hold the same peer (I2)
 *                            2 at most one router
 *                            4 at most one router among peers with equal views (I4; with VIEWS)
 *                            8 epochs of obeyed commands never fall at a target (I3; with COMMANDS)
 * World:    REPEAT requests twice · DRIFT clocks one tick apart · SLEEP 1 clocks go on, 2 clocks stop · CRASH with restart
 *           VIEWS changing reachability · COMMANDS 1 to the third peer, 2 to every other · PROOF 1 a dead holder frees the grant
 *           FAREWELL a release frees the third peer at once, HANDOVER it may also name a successor; else grants end by time alone
 * Faults to be found (each is a broken rule):
 *           NOQUIET restart without quarantine · FORGET the highest epoch is lost in a crash · PROOF=2 silence taken for death
 *           FROMANSWER the holder counts from the answer · ANYRELEASE farewells without epoch · LOWER renewals of lower epochs
 */
#ifndef HOLDER
#define HOLDER 2
#endif
#ifndef VOTER
#define VOTER 2
#endif
#ifndef EPOCHS
#define EPOCHS 2
#endif
#ifndef STANDERS
#define STANDERS 2
#endif
#ifndef CLAIM
#define CLAIM 3
#endif
#ifndef SLEEP
#define SLEEP 0
#endif
#ifndef PROOF
#define PROOF 0
#endif
#ifndef COMMANDS
#define COMMANDS 0
#endif
#if defined(HANDOVER) || defined(ANYRELEASE)
#define FAREWELL
#endif

#define PAIR(holder, voter) ((holder) * 3 + (voter))
#define NOBODY 0
#define NAME(peer) ((peer) + 1)

/* The voter: LeaseRules.grant, durable.maxEpoch, quarantineEnd, reservation. */
byte obeys[3], grantEpoch[3], grantLeft[3], highest[3], quiet[3];
#ifdef HANDOVER
byte keptFor[3], keptLeft[3];
#define FREEFOR(voter, peer) (keptFor[voter] == NOBODY || keptFor[voter] == NAME(peer))
#else
#define FREEFOR(voter, peer) true
#endif

/* The holder: LeaseRules.lease (term 0: none) and what is left of Elector.validUntil. */
byte term[3], sure[9];

/* Under way: 1 a request, 2 its answer; `worth` is what the answer would be worth to the holder now. */
byte leg[9], legEpoch[9], worth[9];
#ifdef FAREWELL
byte farewell[9];
#endif
#ifdef HANDOVER
byte heir[9];
#endif

#ifdef CRASH
bit dead[3];
#define LIVES(peer) (!dead[peer])
#else
#define LIVES(peer) true
#endif
#if SLEEP
bit sleeps[3];
#define RUNS(peer) (LIVES(peer) && !sleeps[peer])
#else
#define RUNS(peer) LIVES(peer)
#endif
#ifdef DRIFT
bit ahead[3];
#endif
#ifdef VIEWS
byte sees[3];
#define SEES(peer, other) ((sees[peer] >> (other)) & 1)
#else
#define SEES(peer, other) 1
#endif
#if COMMANDS
byte command[9], lastObeyed[3];
#endif

/* Of the step under way; 0 between steps. */
byte one, two, ok, number, chosen, slips;

#define HOLDS(peer, voter) (RUNS(peer) && sure[PAIR(peer, voter)] > 0)
#define COUNTED(peer, voter) (SEES(peer, voter) && sure[PAIR(peer, voter)] > 0)
#define ROUTER(peer) (RUNS(peer) && \
    2 * (COUNTED(peer, 0) + COUNTED(peer, 1) + COUNTED(peer, 2)) > SEES(peer, 0) + SEES(peer, 1) + SEES(peer, 2))

inline claims() {
    d_step {
#if CLAIM & 1
        number = 0;
        do
        :: number < 3 -> assert(HOLDS(0, number) + HOLDS(1, number) + HOLDS(2, number) <= 1); number++
        :: else -> break
        od;
#endif
#if CLAIM & 2
        assert(ROUTER(0) + ROUTER(1) + ROUTER(2) <= 1);
#endif
#if CLAIM & 4
        assert(!(ROUTER(0) && ROUTER(1) && sees[0] == sees[1]));
        assert(!(ROUTER(0) && ROUTER(2) && sees[0] == sees[2]));
        assert(!(ROUTER(1) && ROUTER(2) && sees[1] == sees[2]));
#endif
        one = 0; two = 0; ok = 0; number = 0; chosen = 0; slips = 0
    }
}

/* endGrant */
inline free(voter) { obeys[voter] = NOBODY; grantEpoch[voter] = 0; grantLeft[voter] = 0 }

inline clearLeg(pair) { leg[pair] = 0; legEpoch[pair] = 0; worth[pair] = 0 }

/* dropLease, without its messages: what the others grant is forgotten, the own grant is given back. */
inline forgetLease(peer) {
    term[peer] = 0;
    sure[PAIR(peer, 0)] = 0; sure[PAIR(peer, 1)] = 0; sure[PAIR(peer, 2)] = 0;
    if :: obeys[peer] == NAME(peer) -> free(peer) :: else fi
}

#ifdef LOWER
#define RENEWS(voter, peer, epoch) (obeys[voter] == NAME(peer) && (epoch) <= grantEpoch[voter])
#else
#define RENEWS(voter, peer, epoch) (obeys[voter] == NAME(peer) && (epoch) == grantEpoch[voter])
#endif

/* cast: the voter's rule, for its own candidacy too. A peer that grants another is holder no more (checkQuorum). */
inline cast(voter, peer, epoch) {
    ok = 0;
    if
    :: quiet[voter] == 0 && RENEWS(voter, peer, epoch) ->
        grantLeft[voter] = VOTER; grantEpoch[voter] = epoch; ok = 1
    :: quiet[voter] == 0 && !RENEWS(voter, peer, epoch) && epoch > highest[voter] &&
        (obeys[voter] == NOBODY || obeys[voter] == NAME(peer)) && FREEFOR(voter, peer) ->
        obeys[voter] = NAME(peer); grantEpoch[voter] = epoch; grantLeft[voter] = VOTER; highest[voter] = epoch; ok = 1;
#ifdef HANDOVER
        keptFor[voter] = NOBODY; keptLeft[voter] = 0;
#endif
        if :: voter != peer && term[voter] > 0 -> forgetLease(voter) :: else fi
    :: else
    fi
}

/* sendRound: itself at once, each other peer by a message that may never leave. */
inline ask(peer) {
    cast(peer, peer, term[peer]);
    if :: ok -> sure[PAIR(peer, peer)] = HOLDER :: else fi;
    number = 0;
    do
    :: number < 3 ->
        if
        :: number == peer
        :: number != peer -> leg[PAIR(peer, number)] = 1; legEpoch[PAIR(peer, number)] = term[peer]; worth[PAIR(peer, number)] = HOLDER
        :: number != peer
        fi;
        number++
    :: else -> break
    od
}

/* stand and openTerm: a higher epoch than any it has granted; others may have told of higher ones. */
inline stand(peer) {
    chosen = highest[peer] + 1;
    do :: chosen < EPOCHS -> chosen++ :: break od;
    term[peer] = chosen;
    ask(peer);
    if :: !ok -> forgetLease(peer) :: else fi
}

/* dropLease: `next` is a successor's name or NOBODY. Any farewell may be lost; only those to the third peer are followed. */
inline giveBack(peer, next) {
#ifdef FAREWELL
    number = 0;
    do
    :: number < 3 ->
        if
        :: number == peer
        :: number == 2 && peer != 2 -> farewell[PAIR(peer, 2)] = term[peer];
#ifdef HANDOVER
            heir[PAIR(peer, 2)] = next
#endif
        :: number != peer
        fi;
        number++
    :: else -> break
    od;
#endif
    forgetLease(peer)
}

inline down(timer) { if :: timer > 0 -> timer-- :: else fi }

inline age(peer) {
    down(grantLeft[peer]);
    if :: grantLeft[peer] == 0 -> free(peer) :: else fi;
    down(quiet[peer]);
#ifdef HANDOVER
    down(keptLeft[peer]);
    if :: keptLeft[peer] == 0 -> keptFor[peer] = NOBODY :: else fi;
#endif
    number = 0;
    do
    :: number < 3 ->
        down(sure[PAIR(peer, number)]);
        if :: leg[PAIR(peer, number)] > 0 -> down(worth[PAIR(peer, number)]) :: else fi;
        number++
    :: else -> break
    od;
    /* A term of which nothing is held nor awaited is over. */
    if
    :: sure[PAIR(peer, 0)] + sure[PAIR(peer, 1)] + sure[PAIR(peer, 2)] + leg[PAIR(peer, 0)] + leg[PAIR(peer, 1)] + leg[PAIR(peer, 2)] == 0 ->
        term[peer] = 0
    :: else
    fi
}

#if SLEEP == 2
#define TICK(peer) if :: sleeps[peer] :: else -> age(peer) fi
#else
#define TICK(peer) age(peer)
#endif
#ifdef DRIFT
/* A clock gets one tick ahead, or the others catch up. */
#define ONTIME(peer, bit) \
    if \
    :: !((slips >> bit) & 1) -> TICK(peer) \
    :: ((slips >> bit) & 1) && !ahead[peer] -> TICK(peer); TICK(peer); ahead[peer] = 1 \
    :: ((slips >> bit) & 1) && ahead[peer] -> ahead[peer] = 0 \
    fi
#else
#define ONTIME(peer, bit) TICK(peer)
#endif

#if STANDERS == 3
#define SOMEHOLDER(peer) if :: peer = 0 :: peer = 1 :: peer = 2 fi
#else
#define SOMEHOLDER(peer) if :: peer = 0 :: peer = 1 fi
#endif
#define SOMEONE(peer) if :: peer = 0 :: peer = 1 :: peer = 2 fi
#define SOMEOTHER(peer, than) if :: than != 0 -> peer = 0 :: than != 1 -> peer = 1 :: than != 2 -> peer = 2 fi

init {
#ifdef VIEWS
    sees[0] = 7; sees[1] = 7; sees[2] = 7;
#endif
    do
    :: atomic {  /* campaign, renewIfDue, openTerm, dropLease */
        SOMEHOLDER(one);
        if
        :: RUNS(one) && term[one] == 0 && quiet[one] == 0 && obeys[one] == NOBODY && FREEFOR(one, one) && highest[one] < EPOCHS ->
            stand(one)
        :: RUNS(one) && term[one] > 0 -> ask(one)
        :: RUNS(one) && term[one] > 0 && obeys[one] == NAME(one) && highest[one] < EPOCHS -> stand(one)
        :: RUNS(one) && term[one] > 0 -> giveBack(one, NOBODY)
#ifdef HANDOVER
        :: RUNS(one) && term[one] > 0 -> SOMEOTHER(two, one); giveBack(one, NAME(two))
#endif
        :: else
        fi;
        claims()
    }
    :: atomic {  /* answerRequest, countGrant, and the loss of either */
        SOMEHOLDER(one); SOMEOTHER(two, one);
        if
        :: leg[PAIR(one, two)] == 1 && RUNS(two) ->
#ifdef REPEAT
            if :: slips = 0 :: slips = 1 fi;
#endif
            d_step {
                cast(two, one, legEpoch[PAIR(one, two)]);
                if
                :: slips
                :: !slips && ok -> leg[PAIR(one, two)] = 2
                :: else -> clearLeg(PAIR(one, two))
                fi
            }
        :: leg[PAIR(one, two)] == 2 && RUNS(one) -> d_step {
                if
                :: term[one] == legEpoch[PAIR(one, two)] ->
#ifdef FROMANSWER
                    sure[PAIR(one, two)] = HOLDER
#else
                    if :: worth[PAIR(one, two)] > sure[PAIR(one, two)] -> sure[PAIR(one, two)] = worth[PAIR(one, two)] :: else fi
#endif
                :: else
                fi;
                clearLeg(PAIR(one, two))
            }
        :: leg[PAIR(one, two)] > 0 -> clearLeg(PAIR(one, two))
        :: else
        fi;
        claims()
    }
#ifdef FAREWELL
    :: atomic {  /* acceptRelease, acceptHandOver */
        if :: one = 0 :: one = 1 fi; two = 2;
        if
        :: farewell[PAIR(one, two)] > 0 && RUNS(two) -> d_step {
                if
#ifdef ANYRELEASE
                :: obeys[two] == NAME(one) ->
#else
                :: obeys[two] == NAME(one) && grantEpoch[two] == farewell[PAIR(one, two)] ->
#endif
                    free(two);
#ifdef HANDOVER
                    keptFor[two] = heir[PAIR(one, two)];
                    keptLeft[two] = (heir[PAIR(one, two)] == NOBODY -> 0 : 1);
#endif
                :: else
                fi;
                farewell[PAIR(one, two)] = 0;
#ifdef HANDOVER
                heir[PAIR(one, two)] = 0;
#endif
            }
        :: farewell[PAIR(one, two)] > 0 ->
            farewell[PAIR(one, two)] = 0;
#ifdef HANDOVER
            heir[PAIR(one, two)] = 0;
#endif
        :: else
        fi;
        claims()
    }
#endif
    :: atomic {  /* time */
#ifdef DRIFT
        if :: slips = 0 :: slips = 1 :: slips = 2 :: slips = 3 :: slips = 4 :: slips = 5 :: slips = 6 :: slips = 7 fi;
#endif
        d_step { ONTIME(0, 0); ONTIME(1, 1); ONTIME(2, 2) };
        claims()
    }
#if SLEEP
    :: atomic {
        SOMEONE(one);
        if
        :: sleeps[one] -> sleeps[one] = 0;
#if SLEEP == 1
            /* handle(.resumed): whatever was held before counts no more. */
            d_step { forgetLease(one) }
#endif
        :: !sleeps[one] && sleeps[0] + sleeps[1] + sleeps[2] == 0 -> sleeps[one] = 1;
        :: else
        fi;
        claims()
    }
#endif
#ifdef CRASH
    :: atomic {
        SOMEONE(one);
        if
        :: !dead[one] && dead[0] + dead[1] + dead[2] == 0 -> d_step {
                dead[one] = 1; free(one); term[one] = 0; quiet[one] = 0;
#ifdef HANDOVER
                keptFor[one] = NOBODY; keptLeft[one] = 0;
#endif
#ifdef FORGET
                highest[one] = 0;
#endif
                number = 0;
                do
                :: number < 3 ->
                    sure[PAIR(one, number)] = 0;
                    /* Answers find nobody; requests may still arrive. */
                    if :: leg[PAIR(one, number)] == 2 -> clearLeg(PAIR(one, number)) :: else fi;
                    number++
                :: else -> break
                od
            }
        :: dead[one] -> dead[one] = 0;
#ifndef NOQUIET
            quiet[one] = VOTER
#endif
        :: else
        fi;
        claims()
    }
#endif
#if PROOF
    :: atomic {  /* bury */
        SOMEONE(one);
        if
        :: RUNS(one) && obeys[one] != NOBODY && obeys[one] != NAME(one) &&
#if PROOF == 1
            dead[obeys[one] - 1]
#else
            true
#endif
            -> d_step { free(one) }
        :: else
        fi;
        claims()
    }
#endif
#ifdef VIEWS
    :: atomic { SOMEHOLDER(one); SOMEOTHER(two, one); sees[one] = sees[one] ^ (1 << two); claims() }
#endif
#if COMMANDS
    :: atomic {  /* a command, and Herd.admits at its target */
#if COMMANDS == 2
        SOMEHOLDER(one); SOMEOTHER(two, one);
#else
        if :: one = 0 :: one = 1 fi; two = 2;
#endif
        if
        :: HOLDS(one, two) && term[one] > 0 && command[PAIR(one, two)] == 0 -> command[PAIR(one, two)] = term[one]
        :: command[PAIR(one, two)] > 0 -> command[PAIR(one, two)] = 0
        :: command[PAIR(one, two)] > 0 && RUNS(two) -> d_step {
                if
                :: obeys[two] == NAME(one) && grantEpoch[two] == command[PAIR(one, two)] && grantLeft[two] > 0 ->
#if CLAIM & 8
                    assert(command[PAIR(one, two)] >= lastObeyed[two]);
#endif
                    lastObeyed[two] = command[PAIR(one, two)]
                :: else
                fi;
                command[PAIR(one, two)] = 0
            }
        :: else
        fi;
        claims()
    }
#endif
    od
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sym_module.h"
#include "sym_name.h"

#include <string.h>

static void assert_view(struct hone_view v, const char *want)
{
	hone_auto_free char *have = hone_view_dup(v);

	assert_string_equal(have, want);
}

static void assert_origin(
	const char *mangled, enum hone_sym_scheme scheme, const char *crate, const char *instance)
{
	struct hone_sym_origin o = hone_sym_origin_of(mangled);

	assert_int_equal(o.scheme, scheme);
	assert_view(o.crate.name, crate);
	assert_view(o.instance.name, instance);
}

/* Names out of programs that rustc 1.95 made; what they mean was checked with rustfilt. */
static const char drop_string[] = "_RINvNtCsgEmfK2I1SDS_4core3ptr13drop_in_placeNtNtCslNYArtu3iFV_"
				  "5alloc6string6StringECs4X4t9plMPHF_"
				  "9addr2line";
static const char lower_hex[] = "_RNvXsC_NtNtCsgEmfK2I1SDS_4core3fmt3numyNtB7_8LowerHex3fmt";
static const char write_all_vectored[] =
	"_RNvYNtNtNtNtCsjrHSEGnQ3l9_3std3sys5stdio4unix6StderrNtNtBa_2io5Write18write_all_"
	"vectoredBa_";
static const char legacy_impl[] =
	"_ZN71_$LT$core..hash..sip..Hasher$LT$S$GT$$u20$as$u20$core..hash..Hasher$GT$5write"
	"17h4f1380176dd8c297E";

static void test_v0(void **state)
{
	(void)state;
	assert_origin(drop_string, HONE_SYM_V0, "core", "addr2line");
	assert_origin(lower_hex, HONE_SYM_V0, "core", "");
	/* The default method of a trait: the trait's crate, which a back reference names. */
	assert_origin(write_all_vectored, HONE_SYM_V0, "std", "std");
	assert_origin("_RNvCs1234_7mycrate4main.llvm.77", HONE_SYM_V0, "mycrate", "");
	assert_origin("_RNvC7mycrateu8gdel_5qa", HONE_SYM_V0, "mycrate", "");
	assert_origin("_R", HONE_SYM_PLAIN, "", "");
	assert_origin("_RNvC", HONE_SYM_PLAIN, "", "");
	assert_origin("_RNvC99x4main", HONE_SYM_PLAIN, "", "");
	/* A back reference to itself. */
	assert_origin("_RIB_E", HONE_SYM_PLAIN, "", "");
}

/* The disambiguator of the crate is the hash in the name of its codegen units:
 * std.e28293b1aa0f68bd-cgu.0. */
static void test_v0_hash(void **state)
{
	struct hone_sym_origin o = hone_sym_origin_of(write_all_vectored);

	(void)state;
	assert_true(o.crate.hash == 0xe28293b1aa0f68bd);
	assert_true(o.instance.hash == 0xe28293b1aa0f68bd);
}

static void test_legacy(void **state)
{
	(void)state;
	assert_origin(
		"_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE", HONE_SYM_LEGACY, "core", "");
	assert_origin("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE.llvm.1", HONE_SYM_LEGACY,
		"core", "");
	assert_origin(legacy_impl, HONE_SYM_LEGACY, "core", "");
	/* "17h" inside of a name is not the hash. */
	assert_origin("_ZN17h0123456789abcdef3foo17h0123456789abcdefE", HONE_SYM_LEGACY,
		"h0123456789abcdef", "");
	assert_origin("_ZN19a17h0123456789abcde3foo17h0123456789abcdefE", HONE_SYM_LEGACY,
		"a17h0123456789abcde", "");
	/* <alloc::string::String as mine::Show>::show and <mine::T as core::fmt::Debug>::fmt: the
	 * orphan rule leaves only `mine`. */
	assert_origin("_ZN52_$LT$alloc..string..String$u20$as$u20$mine..Show$GT$"
		      "4show17h0123456789abcdefE",
		HONE_SYM_LEGACY, "mine", "");
	assert_origin("_ZN44_$LT$mine..T$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
		HONE_SYM_LEGACY, "mine", "");
	assert_origin("_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
		HONE_SYM_LEGACY, "core", "");
}

static void test_others(void **state)
{
	(void)state;
	assert_origin("main", HONE_SYM_PLAIN, "", "");
	assert_origin("", HONE_SYM_PLAIN, "", "");
	assert_origin("_ZNSt6vectorIiSaIiEE9push_backEOi", HONE_SYM_CXX, "", "");
}

static void assert_readable(const char *mangled, bool full, const char *want)
{
	hone_auto_buf struct hone_buf have = HONE_BUF_INIT;

	hone_sym_readable(&have, mangled, full);
	assert_string_equal(hone_buf_str(&have), want);
}

static void test_readable(void **state)
{
	(void)state;
	assert_readable(drop_string, false, "core::ptr::drop_in_place::<alloc::string::String>");
	assert_readable(
		legacy_impl, false, "<core::hash::sip::Hasher<S> as core::hash::Hasher>::write");
	assert_readable(legacy_impl, true,
		"<core::hash::sip::Hasher<S> as core::hash::Hasher>::write::h4f1380176dd8c297");
	assert_readable("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE.llvm.1234", false,
		"core::fmt::Write::write_fmt");
	assert_readable("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE.cold", false,
		"core::fmt::Write::write_fmt (.cold)");
	assert_readable("_RNvC7mycrate4main.llvm.77", true, "mycrate[0]::main (.llvm.77)");
	assert_readable(
		"_ZNSt6vectorIiSaIiEE9push_backEOi", false, "std::vector<..>::push_back(..)");
	assert_readable("_ZNSt6vectorIiSaIiEE9push_backEOi.cold", true,
		"std::vector<..>::push_back(..) [_ZNSt6vectorIiSaIiEE9push_backEOi] (.cold)");
	assert_readable("plain.cold", false, "plain.cold");
	assert_readable("_Rnonsense", false, "_Rnonsense");
}

/* Names out of the v0 reference, RFC 2603 and rustc; what they mean was checked with rustfilt. */
static const struct {
	const char *mangled, *readable;
} v0_names[] = {
	{"_RNvC6_123foo3bar", "123foo::bar"},
	{"_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
		"utf8_idents::საჭმელად_გემრიელი_სადილი"},
	{"_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}"},
	{"_RNCINkXs25_NgCsbmNqQUJIY6D_4core5sliceINyB9_4IterhENuNgNoBb_4iter8iterator8Iterator"
	 "9rpositionNCNgNpB9_6memchr7memrchrs_0E0Bb_",
		"<core::slice::Iter<u8> as core::iter::iterator::Iterator>::rposition::"
		"<core::slice::memchr::memrchr::{closure#1}>::{closure#0}"},
	{"_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_"
	 "ECs1iopQbuBiw2_3std",
		"alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>"},
	{"_RNSC3foo4shim", "foo::{shim:shim#0}"},
	{"_RMC0FG_RL0_hERL0_h", "<for<'a> fn(&'a u8) -> &'a u8>"},
	{"_RMC0FUKCuPhOhQtEu", "<unsafe extern \"C\" fn((), *const u8, *mut u8, &mut u16)>"},
	{"_RMC0FK9win64_fooEz", "<extern \"win64-foo\" fn() -> !>"},
	{"_RMC0DG_INtC1a1TL0_EEL_", "<dyn for<'a> a::T<'a>>"},
	{"_RMC0TAhj3_ShE", "<([u8; 3], [u8])>"},
	{"_RMC0TeE", "<(str,)>"},
	{"_RMCs4fqI2P2rA04_13const_genericINtB0_8UnsignedKhb_E", "<const_generic::Unsigned<11>>"},
	{"_RMCs4fqI2P2rA04_13const_genericINtB0_6SignedKanb_E", "<const_generic::Signed<-11>>"},
	{"_RMCs4fqI2P2rA04_13const_genericINtB0_4BoolKb1_E", "<const_generic::Bool<true>>"},
	{"_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKca_E", "<const_generic::Char<'\\n'>>"},
	{"_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKc2202_E", "<const_generic::Char<'∂'>>"},
	{"_RNvNvMCs4fqI2P2rA04_13const_genericINtB4_3FooKpE3foo3FOO",
		"<const_generic::Foo<_>>::foo::FOO"},
	{"_RIC0Ky10000000000000000_E", "::<0x10000000000000000>"},
	{"_RIC0Ke616263_E", "::<{*\"abc\"}>"},
	{"_RIC0KRe27e28882_E", "::<\"'∂\">"},
	{"_RIC0KAh1_h2_h3_EE", "::<{[1, 2, 3]}>"},
	{"_RIC0KTj0_EE", "::<{(0,)}>"},
	{"_RIC0KRTh1_b0_EE", "::<{&(1, false)}>"},
	{"_RIC0KVNvINtNtC4core6option6OptionjE4NoneUE",
		"::<{core::option::Option::<usize>::None}>"},
	{"_RIC0KVNtC3foo3BarS1sRe61_2chc78_5sliceRAh1_h2_h3_EEE",
		"::<{foo::Bar { s: \"a\", ch: 'x', slice: &[1, 2, 3] }}>"},
};

static void test_v0_text(void **state)
{
	static const char *const bad[] = {"_RC", "_RC3fo", "_RNvC3foo", "_RN1C3foo3bar", "_RIC0KE",
		"_RIC0Kb2_E", "_RIC0Kcd800_E", "_RIC0Ke6_E", "_RIC0Keff_E", "_RMC0RL0_h",
		"_RNvC3foo3barx", "_R0C3foo", "_RC3foo9", "_RB_", "_RMC0g"};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(v0_names); i++)
		assert_readable(v0_names[i].mangled, false, v0_names[i].readable);
	for (size_t i = 0; i < HONE_COUNT(bad); i++)
		assert_readable(bad[i], false, bad[i]);
	assert_readable("_RMCs4fqI2P2rA04_13const_genericINtB0_6SignedKanb_E", true,
		"<const_generic[317d481089b8c8fe]::Signed<-11i8>>");
}

static void test_legacy_text(void **state)
{
	(void)state;
	assert_readable("_ZN4test1a2bc17h0123456789abcdefE", false, "test::a::bc");
	assert_readable(
		"_ZN8_$RF$testE17h0123456789abcdefE", false, "_ZN8_$RF$testE17h0123456789abcdefE");
	assert_readable("_ZN9_$RF$test17h0123456789abcdefE", false, "&test");
	assert_readable("_ZN9_$RF$test3foo17h0123456789abcdefE", false, "&test::foo");
	assert_readable("_ZN35Bar$LT$$u5b$u32$u3b$$u20$4$u5d$$GT$17h0123456789abcdefE", false,
		"Bar<[u32; 4]>");
	assert_readable("_ZN12test$BP$test4foob17h0123456789abcdefE", false, "test*test::foob");
	assert_readable("_ZN8foo..bar3a.b17h0123456789abcdefE", false, "foo::bar::a.b");
	assert_readable("_ZN9$u4fb$bar3foo17h0123456789abcdefE", false, "ӻbar::foo");
	/* No escape of rustc's, and a control character. */
	assert_readable("_ZN8a$what$b3foo17h0123456789abcdefE", false, "a$what$b::foo");
	assert_readable("_ZN6a$u1b$3foo17h0123456789abcdefE", false, "a$u1b$::foo");
}

/* A name of 30 bytes that would print 2^60 lifetimes, and one whose tuples double 40 times. */
static void test_bombs(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	(void)state;
	assert_readable("_RMC0FG_ZZZZZZZZZZ_EE", false, "_RMC0FG_ZZZZZZZZZZ_EE");
	hone_buf_adds(&b, "_RMC0TTu");
	for (int i = 0; i < 40; i++)
		hone_buf_adds(&b, "B4_B4_ET");
	{
		hone_auto_buf struct hone_buf have = HONE_BUF_INIT;

		hone_sym_readable(&have, hone_buf_str(&b), false);
		assert_true(have.n < 100000);
	}
}

/* Names out of libstdc++ and LLVM, beside what c++filt makes of them. */
static void test_cxx(void **state)
{
	static const char *const names[][2] = {
		{"_Z3fooiPKc", "foo(..)"},
		{"_Z3foov", "foo()"},
		{"_ZNK3foo3bar3bazEv", "foo::bar::baz()"},
		{"_ZN3fooC2ERKS_", "foo::foo(..)"},
		{"_ZN3fooIiED0Ev", "foo<..>::~foo()"},
		{"_ZNSt7codecvtIDiDu11__mbstate_tED0Ev", "std::codecvt<..>::~codecvt()"},
		{"_ZN12_GLOBAL__N_13runEv", "(anonymous namespace)::run()"},
		{"_ZStlsRSoi", "std::operator<<(..)"},
		{"_ZNSolsEi", "std::ostream::operator<<(..)"},
		{"_ZTVN10__cxxabiv117__class_type_infoE",
			"vtable for __cxxabiv1::__class_type_info"},
		{"_ZThn16_N3foo3barEv", "non-virtual thunk to foo::bar()"},
		{"_ZZN3foo3barEvE5table", "foo::bar()::table"},
		{"_ZZN3foo3barEiENKUlvE_clEv", "foo::bar(..)::{lambda(..)}::operator()()"},
		{"_ZN3fooILb1ELi42ENS_3barEE3runEv", "foo<..>::run()"},
		{"_ZN3foo3runB5cxx11Ev", "foo::run[abi:cxx11]()"},
		/* Not read, or no names at all. */
		{"_ZN3foocvbEv", "_ZN3foocvbEv"},
		{"_ZN3foo", "_ZN3foo"},
		{"_ZN99999999999999999999foo", "_ZN99999999999999999999foo"},
		{"_Z", "_Z"},
		{"_ZIIIIIIII", "_ZIIIIIIII"},
		{"_ZN3fooIXadL_Z3barvEEE3runEv", "_ZN3fooIXadL_Z3barvEEE3runEv"},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(names); i++)
		assert_readable(names[i][0], false, names[i][1]);
}

static void assert_generic(const char *readable, const char *want)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	hone_sym_generic(&b, hone_view_of(readable));
	assert_string_equal(hone_buf_str(&b), want);
}

static void test_generic(void **state)
{
	(void)state;
	assert_generic(
		"core::ptr::drop_in_place::<alloc::string::String>", "core::ptr::drop_in_place<_>");
	assert_generic(
		"core::ptr::drop_in_place<alloc::vec::Vec<u8>>", "core::ptr::drop_in_place<_>");
	assert_generic("<alloc::vec::Vec<u8> as core::clone::Clone>::clone",
		"<alloc::vec::Vec<_> as core::clone::Clone>::clone");
	assert_generic("f::<fn(u8) -> u16>::g", "f<_>::g");
	assert_generic("core::fmt::num::<impl core::fmt::Debug for u8>::fmt",
		"core::fmt::num::<impl core::fmt::Debug for u8>::fmt");
	assert_generic("a<b", "a<_>");
	assert_generic("", "");
}

static void assert_module(const char *mangled, const char *want)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	hone_buf_adds(&b, "before ");
	hone_sym_module(&b, mangled);
	assert_string_equal(hone_buf_str(&b) + strlen("before "), want);
}

static void test_module(void **state)
{
	(void)state;
	assert_module("_ZN14regex_automata6hybrid6search8find_fwd17h0123456789abcdefE",
		"regex_automata::hybrid::search");
	/* A method, a closure in it, and what a trait has of the type: one module. */
	assert_module("_ZN14regex_automata6hybrid3dfa3DFA10next_state17h0123456789abcdefE",
		"regex_automata::hybrid::dfa");
	assert_module("_ZN14regex_automata6hybrid3dfa3DFA10next_state28_$u7b$$u7b$closure$u7d$$u7d$"
		      "17h0123456789abcdefE",
		"regex_automata::hybrid::dfa");
	assert_module("_ZN58_$LT$ignore..dir..Ignore$u20$as$u20$core..clone..Clone$GT$5clone"
		      "17h0123456789abcdefE",
		"ignore::dir");
	assert_module("_ZN62_$LT$$RF$ignore..dir..Ignore$u20$as$u20$core..clone..Clone$GT$5clone"
		      "17h0123456789abcdefE",
		"ignore::dir");
	assert_module("_ZN2fd4walk4scan28_$u7b$$u7b$closure$u7d$$u7d$28_$u7b$$u7b$closure$u7d$$u7d$"
		      "17h0123456789abcdefE",
		"fd::walk");
	assert_module("_ZN2fd4main17h0123456789abcdefE", "fd");
	assert_module(legacy_impl, "core::hash::sip");
	assert_module("_ZN4core3ptr39drop_in_place$LT$globset..Candidate$GT$17h0123456789abcdefE",
		"core::ptr");
	/* Not a type's, or not whole. */
	assert_module(
		"_ZN41_$LT$u8$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE", "");
	assert_module("_ZN14regex_automata6hybrid", "");
	assert_module("_ZN14regex", "");
	assert_module("_ZN", "");
	assert_module("main", "");
	assert_module(drop_string, "core::ptr");
	assert_module(lower_hex, "core::fmt::num");
	assert_module("_RNvMs0_NtNtCs1234_14regex_automata6hybrid3dfaNtB5_3DFA10next_state",
		"regex_automata::hybrid::dfa");
	assert_module("_RNCNvNtCs1234_2fd4walk4scan0B5_", "fd::walk");
	assert_module("_RNvCs1234_7mycrate4main.llvm.77", "mycrate");
	assert_module("_RNvMNtCs1234_2fd4walkNtB2_6Worker3run", "fd::walk");
	/* The default method of a trait has no place in its name. */
	assert_module(write_all_vectored, "");
	assert_module("_RNvC", "");
	assert_module("_R", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_v0), cmocka_unit_test(test_module),
		cmocka_unit_test(test_v0_hash), cmocka_unit_test(test_legacy),
		cmocka_unit_test(test_others), cmocka_unit_test(test_readable),
		cmocka_unit_test(test_v0_text), cmocka_unit_test(test_legacy_text),
		cmocka_unit_test(test_bombs), cmocka_unit_test(test_cxx),
		cmocka_unit_test(test_generic)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

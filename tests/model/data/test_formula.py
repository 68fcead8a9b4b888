import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data.formula import CONSTANTS, FUNCTIONS, MAX_CHARACTERS, MAX_DEPTH, Formula

SCALAR_FUNCTIONS = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt")},
    "abs": abs,
    "sign": lambda value: float((value > 0) - (value < 0)),
    "floor": math.floor,
    "min": min,
    "max": max,
    "hypot": math.hypot,
    "atan2": math.atan2,
}
COORDINATES = st.floats(-6.0, 6.0)


def by_python(text, x1, x2):
    """The value that Python's own arithmetic on scalars gives."""
    return eval(text, {"__builtins__": {}, **SCALAR_FUNCTIONS, **CONSTANTS, "x1": x1, "x2": x2})


def products_and_calls(inner):
    """Formulas whose value changes little when its parts do, so that a last digit stays a last digit."""
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", " * ", "*"]), inner).map("".join),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]}) / (1 + abs({parts[1]}))"),
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "abs", ""]), inner).map(
            lambda parts: f"{parts[0]}({parts[1]})"
        ),
        st.tuples(st.sampled_from(["min", "max", "hypot"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(inner, st.integers(0, 3)).map(lambda parts: f"tanh({parts[0]})**{parts[1]}"),
        inner.map(lambda part: f"-{part}"),
    )


VALID_FORMULAS = st.recursive(
    st.sampled_from(["x1", "x2", "pi", "e", "2", "0.5", "3.", ".25", "1e-2", "7E+0"]), products_and_calls, max_leaves=6
).filter(lambda text: len(text) <= MAX_CHARACTERS)


class TestValue:
    @given(VALID_FORMULAS, COORDINATES, COORDINATES)
    def test_is_that_of_pythons_own_arithmetic(self, text, x1, x2):
        assert Formula(text)(x1, x2) == pytest.approx(by_python(text, x1, x2), rel=1e-9, abs=1e-7)

    @pytest.mark.parametrize("name", FUNCTIONS)
    @given(first=st.floats(0.1, 6.0), second=COORDINATES)
    def test_of_each_function_is_pythons(self, name, first, second):
        text = f"{name}(x1)" if FUNCTIONS[name].n_arguments == 1 else f"{name}(x1, x2)"

        assert Formula(text)(first, second) == pytest.approx(by_python(text, first, second), rel=1e-12)

    @pytest.mark.parametrize(
        "text",
        [
            "-x1**2",
            "2**-x1",
            "2**3**x1",
            "x1-x2-3",
            "x1/x2/2",
            "x1 - -x2",
            "--x1",
            "+x1",
            "-2**2",
            "x1*-x2",
            "2+3*x1",
            "(2+3)*x1",
            "x1**3",
            "x1**0.5",
            "floor(-x1)",
            "sign(-x2) + sign(x1 - x1)",
            "min(x1, x2) - max(x1, x2)",
            " x1 +\tx2 ",
            "hypot(x1, x2)",
            "atan2(x2, -x1)",
            "x1**2 - abs(x2)",
        ],
    )
    def test_follows_pythons_precedence(self, text):
        assert Formula(text)(1.7, 0.6) == pytest.approx(by_python(text.strip(), 1.7, 0.6), rel=1e-14)

    @pytest.mark.parametrize(
        ("text", "same"),
        [
            ("x1^2", "x1**2"),
            ("x1 − x2", "x1-x2"),
            ("3·x1", "3*x1"),
            ("x1 × x2", "x1*x2"),
            ("π", "pi"),
            ("012", "12"),
            ("  x1  ", "x1"),
            ("(x1)", "x1"),
            ("x1 ** 2", "x1**2.0"),
        ],
    )
    def test_of_another_spelling_is_the_same(self, text, same):
        assert Formula(text) == Formula(same)
        assert hash(Formula(text)) == hash(Formula(same))
        np.testing.assert_array_equal(Formula(text)(1.5, -2.0), Formula(same)(1.5, -2.0))

    @pytest.mark.parametrize("other", ["x2*x1", "x1*x2*1", "x1+x2", "x2"])
    def test_of_another_formula_is_not(self, other):
        assert Formula("x1*x2") != Formula(other)

    @pytest.mark.parametrize(
        "text", ["1/x1", "log(x1)", "sqrt(x1 - 1)", "9**9**9**9", "exp(1000)", "0/0*x1", "-1e308*10", "(x1-1)**0.5"]
    )
    def test_is_zero_where_there_is_none(self, text):
        assert Formula(text)(0.0, 1.0) == 0.0

    def test_is_float64_of_the_broadcast_shape(self):
        formula = Formula("x1 + 10*x2")
        values = formula(np.arange(3), np.arange(2)[:, np.newaxis])

        np.testing.assert_array_equal(values, [[0, 1, 2], [10, 11, 12]])
        assert values.dtype == np.float64

    @pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 2)])
    def test_of_a_constant_has_the_shape_of_the_points(self, shape):
        values = Formula("2*pi")(np.zeros(shape), np.zeros(shape))

        assert values.shape == shape
        np.testing.assert_array_equal(values, np.full(shape, 2 * np.pi))

    def test_is_a_new_array(self):
        x1 = np.ones(3)
        Formula("x1")(x1, x1)[:] = 7.0

        np.testing.assert_array_equal(x1, 1.0)

    @pytest.mark.parametrize(
        "text",
        [f"{name}({', '.join(['3*x1', 'x2'][: entry.n_arguments])})" for name, entry in FUNCTIONS.items()]
        + ["x1**x2", "x1**2", "x1**3", "2**x1", "x1/x2", "abs(x1)**0.3", "abs(x1)**floor(x2)"],
    )
    def test_of_a_point_alone_is_that_among_others_to_the_bit(self, text):
        formula = Formula(text)
        points = np.random.default_rng(0).uniform(-6.0, 6.0, (403, 2))
        points[::7] *= 1e8
        points[::5, 1] = 2.0
        together = formula(points[:, 0], points[:, 1])

        alone = np.array([formula(x1, x2) for x1, x2 in points])
        turned = formula(np.ascontiguousarray(points[::-1, 0]), points[::-1, 1])[::-1]

        assert together.tobytes() == alone.tobytes() == np.ascontiguousarray(turned).tobytes()

    def test_needs_an_array_for_each_name(self):
        with pytest.raises(ValueError, match=r"'x1\+x2' needs 2 arrays \(x1, x2\); got 1"):
            Formula("x1+x2")(1.0)

    def test_may_be_of_other_names(self):
        assert Formula("t**2 + x", names=("t", "x"))(3.0, 1.0) == 10.0

    def test_survives_pickling(self):
        formula = Formula("x1**2 + 1")

        assert pickle.loads(pickle.dumps(formula)) == formula


def value_or_refusal(text):
    try:
        return float(Formula(text)(1.0, 2.0))
    except ValueError as error:
        return str(error)


def is_sentence_or_finite(answer):
    return bool(answer) if isinstance(answer, str) else math.isfinite(answer)


class TestRefusal:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", r"the formula is empty; write one of x1, x2, such as x1\*\*2"),
            (" \n", "the formula is empty"),
            ("2x1", r"an operator is missing between '2' and 'x1'; write 2\*x1 for a product"),
            ("x1 x2", r"an operator is missing between 'x1' and 'x2'; write x1\*x2 for a product"),
            ("2sin(x1)", r"write 2\*sin\(…\) for a product"),
            ("x1(x2)", r"write x1\*\(…\) for a product"),
            ("(x1)(x2)", r"write \(…\)\*\(…\) for a product"),
            ("1.2.3", r"an operator is missing between '1\.2' and '\.3'"),
            ("2j", "unknown name 'j'; you can use x1, x2, pi, e and the functions sin, cos"),
            ("x3 + 1", "unknown name 'x3'; you can use x1, x2, pi, e and"),
            ("x1 if x2 else 1", "unknown name 'if'"),
            ("not x1", "unknown name 'not'"),
            ("lambda: 1", "unknown name 'lambda'"),
            ("True", "unknown name 'True'"),
            ("__import__('os')", "unknown function '__import__'; you can use sin, cos"),
            ("arcsin(x1)", "unknown function 'arcsin'"),
            ("sin x1", r"“sin” needs parentheses; write sin\(…\)"),
            ("hypot", r"“hypot” needs parentheses; write hypot\(…, …\)"),
            ("sin(x1, x2)", "“sin” takes 1 argument; got 2"),
            ("sin()", "“sin” takes 1 argument; got 0"),
            ("hypot(x1)", "“hypot” takes 2 arguments; got 1"),
            ("sin(*x1)", r"'sin\(\*x1\)' is not a formula; write something like"),
            ("min(**x1)", r"'min\(\*\*x1\)' is not a formula"),
            ("x1.real", r"'\.' is not allowed; a formula may use numbers, x1, x2, pi, e, \+ - "),
            ("x1[0]", r"'\[' is not allowed"),
            ("x1 < x2", "'<' is not allowed"),
            ("max(x1, x2=1)", "'=' is not allowed"),
            ("'x1'", '"\'" is not allowed'),
            ("x1 % 2", "'%' is not allowed"),
            ("x1\0", r"'\\x00' is not allowed"),
            ("x1, x2", "a comma or an empty pair of parentheses stands alone"),
            ("()", "a comma or an empty pair of parentheses stands alone"),
            ("(x1", r"a parenthesis is not closed; write one '\)' for each '\('"),
            ("x1)", "a parenthesis is closed that was not opened"),
            ("x1 +", r"something is missing after the last '\+'; write a number or a name there"),
            ("*x1", r"'\*x1' is not a formula"),
            ("x1 // x2", "'x1 // x2' is not a formula"),
            ("x1***2", "is not a formula"),
            ("1e999", "the number 1e999 is too large; it may be up to 1e308"),
            ("1" * 201, "a formula may have at most 200 characters; got 201"),
            ("-" * 150 + "x1", "the formula is too deeply nested; at most 100 operations may stand inside one another"),
            (3, "a formula must be text; got 3"),
        ],
    )
    def test_is_a_sentence_that_says_what_is_wrong_and_what_is_allowed(self, text, message):
        with pytest.raises(ValueError, match=message) as caught:
            Formula(text)
        assert "\n" not in str(caught.value)

    @given(st.text() | st.text("x12(),+-*/^. epsinhytao", max_size=60) | st.text("(-*x1)", max_size=MAX_CHARACTERS))
    def test_of_any_text_is_a_value_error(self, text):
        assert is_sentence_or_finite(value_or_refusal(text))

    @given(
        st.lists(st.sampled_from(["x1", "2", "sin", "(", ")", ",", "+", "-", "*", "**", "/", "e", " "]), max_size=40)
    )
    def test_of_any_row_of_tokens_is_a_value_error(self, tokens):
        assert is_sentence_or_finite(value_or_refusal("".join(tokens)))

    @pytest.mark.parametrize("error", [MemoryError, RecursionError])
    def test_covers_what_the_parser_cannot_do(self, monkeypatch, error):
        def overflow(*_, **__):
            raise error

        monkeypatch.setattr("model.data.formula.ast.parse", overflow)
        with pytest.raises(ValueError, match="too deeply nested"):
            Formula("x1")

    def test_begins_only_beyond_the_limits(self):
        at_the_limit = "-" * MAX_DEPTH + "x1"

        assert Formula(at_the_limit)(2.0, 0.0) == 2.0
        assert Formula("x1" + " " * 500)(2.0, 0.0) == 2.0
        assert Formula("1" + "+1" * 99)(0.0, 0.0) == 100.0


class TestLabel:
    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("x1", "x₁"),
            ("x1**2", "x₁²"),
            ("x2 ^ 2", "x₂²"),
            ("x1*x2", "x₁x₂"),
            ("x1 * x2", "x₁x₂"),
            ("sin(x1)", "sin x₁"),
            ("sqrt( x2 )", "sqrt x₂"),
            ("sin(3*x1)", "sin(3·x₁)"),
            ("x1**2 - abs(x2)", "x₁² − abs(x₂)"),
            ("hypot(x1, x2)", "hypot(x₁, x₂)"),
            ("atan2(x2, x1)", "atan2(x₂, x₁)"),
            ("x1**12", "x₁**12"),
            ("x1**2.5", "x₁**2.5"),
            ("x1**x2", "x₁**x₂"),
            ("x1**2**3", "x₁**2³"),
            ("(x1 + 1)**3*2", "(x₁ + 1)³·2"),
            ("  x1+1e5 ", "x₁+1e5"),
        ],
    )
    def test_is_what_a_person_reads(self, text, label):
        assert Formula(text).label == label


class TestCheckOnPlane:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("1/x1", "“1/x1” has no finite value at x1 = 0, x2 = −6"),
            ("1/(x2 - 0.25)", r"has no finite value at x1 = −6, x2 = 0\.25"),
            ("log(x2)", r"“log\(x2\)” has no finite value at x1 = −6, x2 = −6"),
            ("9**9**9**9", "has no finite value"),
            ("exp(3*x1)", r"“exp\(3\*x1\)” is 6\.57e7 at x1 = 6, x2 = −6; it must be within ±1,000,000"),
            ("-1000001", "“-1000001” is −1e6 at"),
        ],
    )
    def test_names_the_point(self, text, message):
        with pytest.raises(ValueError, match=message):
            Formula(text).check_on_plane()

    @pytest.mark.parametrize("text", ["x1", "1e6", "-1e6", "exp(2*x1)", "log(1 + x2**2)", "1/(x1 - 0.1)", "0"])
    def test_lets_the_others_through(self, text):
        formula = Formula(text)
        formula.check_on_plane()

        corners = np.array(list(itertools.product((-6.0, 0.0, 6.0), repeat=2)))
        assert np.abs(formula(*corners.T)).max() <= 1e6

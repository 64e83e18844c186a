"""What Gradio keeps of each session."""

import gradio as gr

from gan.ui.sessions import Sessions


def test_a_session_costs_no_description_of_the_whole_page():
    with gr.Blocks() as page:
        name, other = gr.Textbox("Ann"), gr.Number(3)
    sessions = Sessions()
    sessions.set_blocks(page)
    mine, hers = sessions["mine"], sessions["hers"]
    assert mine is sessions["mine"] is not hers and "mine" in sessions and not mine.config_values
    mine[name._id] = gr.Textbox("Bob")
    assert mine[name._id].value == "Bob" and hers[name._id].value == "Ann" and mine[other._id].value == 3
    assert set(mine.config_values) == {name._id} and not hers.config_values

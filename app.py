"""The Streamlit entry: ``zhiku serve`` and ``streamlit run app.py`` both start this file.

Streamlit runs it twice over: once as a module, which makes the server with the portal's routes, and
once for every visit, which shows the pages.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True):
    from briefs.workbench import pages

    pages.main()
else:
    from briefs.workbench import portal, serving

    app = st.App(
        __file__,
        routes=portal.routes(serving.workbench, warmth=serving.warmth),
        middleware=portal.middleware(serving.workbench),
        lifespan=serving.lifespan,
    )

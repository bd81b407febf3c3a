"""stub"""
def soil(folder, rate, seed):
    return ()
